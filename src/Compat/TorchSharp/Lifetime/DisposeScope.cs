namespace TorchSharp;

/// <summary>Disposes, at its end, every tensor that its thread created while it was the innermost scope, save those moved out of it.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager _manager;
    private HashSet<IDisposable> _disposables = NewSet();

    internal DisposeScope(DisposeScopeManager manager, DisposeScope outer)
    {
        _manager = manager;
        Outer = outer;
    }

    public int DisposablesCount
    {
        get
        {
            _ = Manager;
            return _disposables.Count;
        }
    }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            _ = Manager;
            return [.. _disposables];
        }
    }

    internal DisposeScope Outer { get; set; }

    private DisposeScopeManager Manager => _manager ?? throw new ObjectDisposedException(GetType().FullName);

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        MoveToOther(Outer, [disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        MoveToOther(Outer, [first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        MoveToOther(Outer, [first, second, third]);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, (IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope scope, T disposable)
        where T : IDisposable
    {
        MoveToOther(scope, [disposable]);
        return disposable;
    }

    public void MoveToOther(DisposeScope scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables)
    {
        _ = Manager;
        foreach (IDisposable disposable in disposables)
        {
            if (_disposables.Remove(disposable))
                Give(scope, disposable);
        }
    }

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Detach([disposable]);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            if (_disposables.Remove(disposable))
                Give(null, disposable);
        }
    }

    public void Attach(IDisposable disposable) => Attach([disposable]);

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = new List<IDisposable>();
        foreach (IDisposable disposable in disposables)
        {
            if (disposable is torch.Tensor { OwningDisposeScope: null, IsInvalid: false })
                Manager.Counts.DetachedFromScopeCount--;
            Give(this, disposable);
            attached.Add(disposable);
        }

        return attached;
    }

    public void DisposeEverything() => DisposeEverythingBut([]);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ThreadDisposeScopeStatistics counts = Manager.Counts;
        HashSet<IDisposable> before = _disposables;
        _disposables = NewSet();
        _disposables.UnionWith(inKeep);
        foreach (IDisposable disposable in before)
        {
            if (_disposables.Contains(disposable))
                continue;
            var tensor = disposable as torch.Tensor;
            if (tensor is not { IsInvalid: true })
                counts.DisposedInScopeCount++;
            if (tensor is not null)
                tensor.OwningDisposeScope = null;
            disposable.Dispose();
        }
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        Manager.Counts.DisposedInScopeCount++;
        _disposables.Remove(disposable);
        SetOwner(disposable, null);
    }

    public void Dispose()
    {
        if (_manager is null)
            return;
        DisposeEverything();
        _manager.Close(this);
        _manager = null;
    }

    internal void Add(IDisposable disposable) => _disposables.Add(disposable);

    private void Give(DisposeScope scope, IDisposable disposable)
    {
        ThreadDisposeScopeStatistics counts = Manager.Counts;
        if (scope is null)
            counts.DetachedFromScopeCount++;
        else
            scope.Add(disposable);
        SetOwner(disposable, scope);
    }

    private static void SetOwner(IDisposable disposable, DisposeScope scope)
    {
        if (disposable is torch.Tensor tensor)
            tensor.OwningDisposeScope = scope;
    }

    private static HashSet<IDisposable> NewSet() => new(ReferenceEqualityComparer.Instance);
}
