package superapptest

import (
	"sync/atomic"
	"time"
)

// A Clock stands still until it is moved. It is safe for concurrent use.
type Clock struct{ now atomic.Int64 }

// Now returns the time it shows, in UTC.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.now.Load()).UTC() }

// Set moves it to a time.
func (c *Clock) Set(t time.Time) { c.now.Store(t.UnixMicro()) }

// Advance moves it on.
func (c *Clock) Advance(d time.Duration) { c.now.Add(d.Microseconds()) }
