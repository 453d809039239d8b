package delivery

import (
	"cmp"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Options configure a [Dispatcher]. Nil means the defaults.
type Options struct {
	// Workers is how many workspaces each handler is told of at a time. Default: 8.
	Workers int
	// Batch is how many events of a workspace are delivered before others have their
	// turn; fewer if they take long. Default: 200.
	Batch int
	// Interval is how long to wait before looking again when there is nothing to
	// deliver. Default: 1 second.
	Interval time.Duration
	// Timeout is how long a handler may take for an event. Default: 20 seconds.
	Timeout time.Duration
	// Lease is how long a process that dies keeps others from its workspaces, and a
	// handler that does not return from its own; more than Timeout and two seconds.
	// Default: 1 minute.
	Lease time.Duration
	// Attempts is how often an event is tried before it becomes a dead letter.
	// Default: 40, which with the other defaults outlasts an outage of an hour and
	// takes about two.
	Attempts int
	// FirstPause follows the first failure; it doubles with each, up to LongPause.
	// The pause is that long or up to half of it shorter. Default: 1 second and 5
	// minutes.
	FirstPause, LongPause time.Duration
}

// grace is how long a handler may take to return after its context is done.
const grace = time.Second

// filled returns the options with their defaults, or what is wrong with them.
func (o *Options) filled() (Options, error) {
	set := Options{}
	if o != nil {
		set = *o
	}
	set.Workers, set.Batch, set.Attempts = cmp.Or(set.Workers, 8), cmp.Or(set.Batch, 200), cmp.Or(set.Attempts, 40)
	set.Interval, set.Timeout, set.Lease = cmp.Or(set.Interval, time.Second), cmp.Or(set.Timeout, 20*time.Second), cmp.Or(set.Lease, time.Minute)
	set.FirstPause, set.LongPause = cmp.Or(set.FirstPause, time.Second), cmp.Or(set.LongPause, 5*time.Minute)
	var problems fault.Problems
	for _, x := range []struct {
		field     string
		value, to int
	}{{"workers", set.Workers, 1000}, {"batch", set.Batch, 500}, {"attempts", set.Attempts, 1000}} {
		if x.value < 1 || x.value > x.to {
			problems.Add(x.field, "not_allowed", "out of bounds")
		}
	}
	for _, x := range []struct {
		field string
		value time.Duration
	}{{"interval", set.Interval}, {"timeout", set.Timeout}, {"first_pause", set.FirstPause}} {
		if x.value <= 0 {
			problems.Add(x.field, "not_allowed", "want a positive duration")
		}
	}
	if set.LongPause < set.FirstPause {
		problems.Add("long_pause", "not_allowed", "want no less than the first pause")
	}
	if set.Lease <= set.Timeout+2*grace {
		problems.Add("lease", "not_allowed", "want more than the timeout and two seconds")
	}
	return set, problems.Err()
}

// pause returns how long to wait after so many failures; chance is from 0 to 1.
func (o Options) pause(attempts int, chance float64) time.Duration {
	pause := o.FirstPause
	for i := 1; i < attempts && pause < o.LongPause; i++ {
		pause *= 2
	}
	pause = min(pause, o.LongPause)
	return pause - time.Duration(chance*float64(pause)/2)
}

// HandlerOptions say how a handler is registered. Nil means the defaults.
type HandlerOptions struct {
	// FromStart gives a handler that is new all events there are. It says nothing to
	// one that was registered before. Default: those that come.
	FromStart bool
}

// named reports whether a text can be the name of a handler.
func named(name string) bool {
	return name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r))
	})
}
