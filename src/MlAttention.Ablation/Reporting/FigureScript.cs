namespace MlAttention.Ablation.Reporting;

/// <summary>What the page does with figures: one note for the value that is pointed at, stepped to or tapped, and buttons that hide schemes. Runs after <see cref="HtmlScript"/>.</summary>
internal static class FigureScript
{
    /// <summary>The script; free of what XML or HTML would read as markup.</summary>
    public const string Code = """
        {
        const note = make('div', { className: 'note', ariaLive: 'polite' }), reach = 16;
        document.querySelector('main').append(note);
        let pointed = null;
        const leave = () => {
          if (pointed) pointed.classList.remove('pointed');
          pointed = null;
          note.textContent = '';
        };
        const point = mark => {
          if (mark === pointed) return;
          leave();
          if (!mark) return;
          pointed = mark;
          mark.classList.add('pointed');
          note.textContent = mark.dataset.note;
          const at = mark.getBoundingClientRect(), size = note.getBoundingClientRect(), width = document.documentElement.clientWidth;
          note.style.left = `${Math.max(4, Math.min(width - size.width - 4, at.left + at.width / 2 - size.width / 2))}px`;
          note.style.top = `${at.top - size.height - 8 > 4 ? at.top - size.height - 8 : at.bottom + 8}px`;
        };
        for (const svg of document.querySelectorAll('figure svg[role=img]')) {
          const marks = [...svg.querySelectorAll('* > title')].filter(title => title.parentNode !== svg).map(title => {
            const mark = title.parentNode;
            mark.dataset.note = title.textContent;
            title.remove();
            return mark;
          });
          if (marks.length === 0) continue;
          const shown = () => marks.filter(mark => !mark.closest('.off'));
          const distance = (mark, event) => {
            const box = mark.getBoundingClientRect();
            return Math.hypot(box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
          };
          const nearest = event => {
            const under = event.target.closest('[data-note]');
            if (under) return under;
            const [best] = shown().map(mark => [mark, distance(mark, event)]).sort((one, other) => one[1] - other[1]);
            return best ? (best[1] > reach ? null : best[0]) : null;
          };
          svg.setAttribute('tabindex', '0');
          svg.querySelector('desc').textContent += ' The arrow keys step through its values.';
          svg.addEventListener('pointermove', event => { if (event.pointerType !== 'touch') point(nearest(event)); });
          svg.addEventListener('pointerleave', event => { if (event.pointerType !== 'touch') leave(); });
          svg.addEventListener('click', event => point(nearest(event)));
          svg.addEventListener('focus', () => { if (svg.matches(':focus-visible')) point(shown()[0]); });
          svg.addEventListener('blur', leave);
          svg.addEventListener('keydown', event => {
            const list = shown(), now = list.indexOf(pointed), last = list.length - 1;
            const next = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: last }[event.key];
            if (next === undefined) return;
            event.preventDefault();
            point(list[Math.max(0, Math.min(last, next))]);
          });
        }
        document.addEventListener('click', event => { if (!event.target.closest('svg[role=img]')) leave(); });
        addEventListener('keydown', event => { if (event.key === 'Escape') leave(); });
        addEventListener('scroll', leave, { passive: true });
        for (const bar of document.querySelectorAll('.schemes')) {
          bar.hidden = false;
          const buttons = [...bar.querySelectorAll('button')], all = make('button', { type: 'button', textContent: 'Show all', hidden: true });
          const show = (button, isShown) => {
            button.setAttribute('aria-pressed', String(isShown));
            for (const part of document.querySelectorAll('[data-scheme]')) if (part.dataset.scheme === button.dataset.toggles) part.classList.toggle('off', !isShown);
            all.hidden = buttons.every(one => one.getAttribute('aria-pressed') === 'true');
          };
          for (const button of buttons) button.addEventListener('click', () => show(button, button.getAttribute('aria-pressed') !== 'true'));
          all.addEventListener('click', () => {
            for (const button of buttons) show(button, true);
            buttons[0].focus();
          });
          bar.append(all);
        }
        }

        """;
}
