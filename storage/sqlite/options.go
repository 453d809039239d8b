package sqlite

import (
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Options are the choices of [Open] and [New]; nil is the same as the zero
// value.
type Options struct {
	// Readers is how many reads run at a time, besides the one writer. Default:
	// 4. New ignores it.
	Readers int
	// BusyTimeout is how long a call whose context has no deadline waits for
	// its turn to write, among this process's units and against other
	// processes. Default: 10 seconds.
	BusyTimeout time.Duration
	// Synchronous says when a commit counts as done. Default: Full. New
	// ignores it.
	Synchronous Synchronous
	// TablePrefix stands before the name of every table and index, for a host
	// that has tables of its own in the file: letters, digits and underscores,
	// at most 32, and not SQLite's own "sqlite_". Default: none.
	TablePrefix string
	// Logger gets the causes of failures, which errors do not show, and reruns
	// at level debug. Default: nothing is logged.
	Logger *slog.Logger
}

// Synchronous says when a commit counts as done.
type Synchronous uint8

const (
	// Full: when it is on the disk.
	Full Synchronous = iota
	// Normal: when the operating system has it. About ten times as fast; a
	// power failure may undo the last commits, and never harms the file.
	Normal
)

// String returns the word of SQLite.
func (s Synchronous) String() string {
	if s == Normal {
		return "NORMAL"
	}
	return "FULL"
}

var prefixes = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,31})?$`)

// withDefaults returns the options with every default filled in.
func (o *Options) withDefaults() (Options, error) {
	var p Options
	if o != nil {
		p = *o
	}
	if p.Readers == 0 {
		p.Readers = 4
	}
	if p.BusyTimeout == 0 {
		p.BusyTimeout = 10 * time.Second
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	var bad fault.Problems
	if p.Readers < 0 {
		bad.Add("readers", "not_allowed", "want at least 1 reader, got "+strconv.Itoa(p.Readers))
	}
	if p.BusyTimeout < 0 {
		bad.Add("busy_timeout", "not_allowed", "want a positive time, got "+p.BusyTimeout.String())
	}
	if p.Synchronous > Normal {
		bad.Add("synchronous", "unknown", "want Full or Normal")
	}
	if !prefixes.MatchString(p.TablePrefix) {
		bad.Add("table_prefix", "malformed", "want a letter or underscore, then letters, digits and underscores, at most 32")
	}
	if strings.HasPrefix(strings.ToLower(p.TablePrefix), "sqlite_") {
		bad.Add("table_prefix", "not_allowed", "names that begin with sqlite_ are SQLite's own: choose another prefix")
	}
	return p, bad.Err()
}
