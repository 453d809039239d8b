package main

import "time"

// A clock runs like any other, and can be put forward: the story does not wait
// three days for an invitation to expire.
type clock struct{ ahead time.Duration }

// now is what superapp.Options.Clock wants.
func (c *clock) now() time.Time { return time.Now().Add(c.ahead) }

// reach puts the clock forward to a time, unless it is past it.
func (c *clock) reach(t time.Time) { c.ahead += max(0, t.Sub(c.now())) }
