// Package storagetest proves a store.
//
// Whoever writes a [storage.Store] runs the suite from one test:
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, func(t *testing.T) storage.Store { return mystore.Open(t.TempDir()) })
//	}
//
// Every case gets a fresh, empty store, and comes with an explanation of what
// is promised and why, printed when the case fails. There is nothing to switch
// off: the stores of this module pass all of it, and so does the example
// mapstore, the shortest store there is. Where several programs work on one
// database, through different nodes of a cluster even, [RunCluster] lets the
// stores of each race against those of the others.
//
// For tests of what stands above a store there are wrappers: [Rerun] runs every
// unit twice, as a database may, [Spy] sees every call, [FailAt] makes one fail.
package storagetest
