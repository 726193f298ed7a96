from monitor.storage import Storage

def test_x(storage: Storage) -> None:
    with storage.read() as tx:
        assert tx.sources.all() == []
