package mysql

import (
	"log/slog"
	"regexp"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Options are the choices of [New]; nil is the same as the zero value.
type Options struct {
	// TablePrefix stands before the name of every table, index and constraint,
	// for a host that has tables of its own in the database: letters, digits
	// and underscores, at most 32. Default: none.
	TablePrefix string
	// BusyTimeout is how long a call whose context has no deadline waits for a
	// connection of the pool and for others that change the same workspace.
	// Default: 10 seconds.
	BusyTimeout time.Duration
	// WriteTimeout is how long a single write or commit may take; after it the
	// connection is closed. The caller's context interrupts no commit, and no
	// write in a transaction of the host's, which would end with it. A unit waits
	// for a lock as long as its deadline or BusyTimeout lets it, in whole seconds, and at
	// most half of this; in the host's transaction as long as the host's
	// innodb_lock_wait_timeout says. Default: 1 minute.
	WriteTimeout time.Duration
	// Logger gets the causes of failures, which errors do not show, and reruns
	// at level debug. Default: nothing is logged.
	Logger *slog.Logger
}

var prefixes = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,31})?$`)

// withDefaults returns the options with every default filled in.
func (o *Options) withDefaults() (Options, error) {
	var p Options
	if o != nil {
		p = *o
	}
	if p.BusyTimeout == 0 {
		p.BusyTimeout = 10 * time.Second
	}
	if p.WriteTimeout == 0 {
		p.WriteTimeout = time.Minute
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	var bad fault.Problems
	if p.BusyTimeout < 0 {
		bad.Add("busy_timeout", "not_allowed", "want a positive time, got "+p.BusyTimeout.String())
	}
	if p.WriteTimeout < 0 {
		bad.Add("write_timeout", "not_allowed", "want a positive time, got "+p.WriteTimeout.String())
	}
	if !prefixes.MatchString(p.TablePrefix) {
		bad.Add("table_prefix", "malformed", "want a letter or underscore, then letters, digits and underscores, at most 32")
	}
	return p, bad.Err()
}
