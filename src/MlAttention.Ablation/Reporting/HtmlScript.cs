namespace MlAttention.Ablation.Reporting;

/// <summary>What the page does besides: it sorts, filters and copies tables, and opens its folded parts for printing. Without it the page says the same.</summary>
internal static class HtmlScript
{
    /// <summary>The script; free of what XML or HTML would read as markup.</summary>
    public const string Code = """
        'use strict';
        const number = text => { const found = /[-+]?[0-9][0-9,]*(\.[0-9]+)?(e[-+]?[0-9]+)?/.exec(text); return found ? Number(found[0].replace(/,/g, '')) : NaN; };
        const cells = row => [...row.cells].map(cell => cell.textContent.trim());
        const later = (one, other) => {
          const [a, b] = [number(one), number(other)];
          if (Number.isNaN(a) ? Number.isNaN(b) : !Number.isNaN(b)) return Number.isNaN(a) ? one.localeCompare(other, 'en') : a - b;
          return Number.isNaN(a) ? -1 : 1;
        };
        const make = (name, properties) => Object.assign(document.createElement(name), properties);
        const copy = async (text, button) => {
          const label = button.textContent;
          try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; } catch { button.textContent = 'The browser does not let pages copy'; }
          setTimeout(() => { button.textContent = label; }, 2000);
        };
        for (const box of document.querySelectorAll('.table')) {
          const table = box.querySelector('table'), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells], rows = [...body.rows], title = table.getAttribute('aria-label');
          const shown = () => [...body.rows].filter(row => !(row.hidden || row.classList.contains('off')));
          heads.forEach((head, column) => {
            const button = make('button', { type: 'button', textContent: head.textContent });
            head.replaceChildren(button);
            button.addEventListener('click', () => {
              const down = head.getAttribute('aria-sort') === 'ascending';
              for (const other of heads) other.removeAttribute('aria-sort');
              head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              body.append(...[...rows].sort((one, other) => (down ? -1 : 1) * later(cells(one)[column], cells(other)[column])));
            });
          });
          const tools = make('div', { className: 'tools' }), names = heads.map(head => head.textContent);
          if (rows.length > 8) {
            const filter = make('input', { type: 'search', placeholder: 'Filter rows', ariaLabel: `Filter the rows of ${title}` }), kind = make('select', { ariaLabel: `Kind of rows of ${title}` });
            const kinds = [...new Set(rows.map(row => row.dataset.kind))].filter(name => name !== undefined);
            kind.append(new Option(`all (${rows.length})`, ''), ...kinds.map(name => new Option(`${name} (${rows.filter(row => row.dataset.kind === name).length})`, name)));
            const show = () => { for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(filter.value.toLowerCase()) || ![row.dataset.kind, ''].includes(kind.value); };
            filter.addEventListener('input', show);
            kind.addEventListener('change', show);
            tools.append(filter, ...(kinds.length > 1 ? [kind] : []));
          }
          const markdown = make('button', { type: 'button', textContent: 'Copy as Markdown' }), csv = make('button', { type: 'button', textContent: 'Copy as CSV' });
          const line = list => `| ${list.map(cell => cell.replace(/[|\\]/g, found => '\\' + found)).join(' | ')} |`;
          markdown.addEventListener('click', () => copy([line(names), line(names.map(() => '---')), ...shown().map(row => line(cells(row)))].join('\n') + '\n', markdown));
          csv.addEventListener('click', () => copy([names, ...shown().map(cells)].map(list => list.map(cell => `"${cell.replace(/"/g, '""')}"`).join(',')).join('\n') + '\n', csv));
          tools.append(markdown, csv);
          box.before(tools);
        }
        addEventListener('beforeprint', () => { for (const part of document.querySelectorAll('details')) part.open = true; });

        """;
}
