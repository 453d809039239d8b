// Package checks tests the tree itself: who imports whom, what each package
// links, and what every file and exported name owes its reader. It holds
// nothing but tests.
package checks
