// Package memory keeps a platform in memory. It is for tests, examples and
// small tools: the data is gone when the process ends. Everything else is as
// with the other stores, and package storagetest holds it to that.
//
// # Concurrency
//
// A [Store] is safe for concurrent use. One Update runs at a time; the others
// wait, and a context that is done ends the wait. A View reads the state of the
// moment it began and waits for nobody, however long it takes and whatever is
// committed meanwhile. Facts, which answers every permission check, neither
// waits nor allocates, and tells of a commit as soon as anybody else can know
// of it: once Update has returned, or a View has seen it.
//
// An Update whose function fails or panics leaves nothing behind.
//
// # Size
//
// A million members with two hundred thousand mini programs take 1.7 GiB, and a
// unit that changes one of them less than 100 µs. Trails stay in memory as well.
package memory
