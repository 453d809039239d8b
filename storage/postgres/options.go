package postgres

import (
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// Options are the choices of [New] and [NewSQL]; nil is the same as the zero
// value.
type Options struct {
	// Schema is where the tables are, exactly as PostgreSQL lists it: letters,
	// digits and underscores, at most 63, and not PostgreSQL's own "pg_".
	// Migrate creates it if it is missing. Default: none, so that the
	// connection's search_path decides.
	Schema string
	// TablePrefix stands before the name of every table and index, for a host
	// that has tables of its own in the schema: small letters, digits and
	// underscores, at most 32. Default: none.
	TablePrefix string
	// BusyTimeout is how long a call whose context has no deadline waits for
	// locks and runs again, and how long a check or a View waits for a connection
	// of the pool. An Update with a deadline waits for both until then.
	// Default: 10 seconds.
	BusyTimeout time.Duration
	// WriteTimeout bounds the batch of writes and COMMIT, or the ROLLBACK, that
	// ends a unit. The caller's context does not interrupt that, since it would
	// make the outcome unknown: where its writes wait for others, as for a name
	// that a transaction of the host's has taken, the server gives up when the
	// unit's time is over, by SET LOCAL lock_timeout, and after half of
	// WriteTimeout at the latest; a unit with time left then runs again.
	// Default: 30 seconds.
	WriteTimeout time.Duration
	// Logger gets the causes of failures, which errors do not show, and reruns
	// at level debug. Default: nothing is logged.
	Logger *slog.Logger
}

var (
	schemas  = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,62})?$`)
	prefixes = regexp.MustCompile(`^([a-z_][a-z0-9_]{0,31})?$`)
)

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
		p.WriteTimeout = 30 * time.Second
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	var bad fault.Problems
	if !schemas.MatchString(p.Schema) {
		bad.Add("schema", "malformed", "want a letter or underscore, then letters, digits and underscores, at most 63")
	}
	if strings.HasPrefix(strings.ToLower(p.Schema), "pg_") {
		bad.Add("schema", "not_allowed", "names that begin with pg_ are PostgreSQL's own: choose another schema")
	}
	if !prefixes.MatchString(p.TablePrefix) {
		bad.Add("table_prefix", "malformed", "want a small letter or underscore, then small letters, digits and underscores, at most 32")
	}
	if p.BusyTimeout < 0 {
		bad.Add("busy_timeout", "not_allowed", "want a positive time, got "+p.BusyTimeout.String())
	}
	if p.WriteTimeout < 0 {
		bad.Add("write_timeout", "not_allowed", "want a positive time, got "+p.WriteTimeout.String())
	}
	return p, bad.Err()
}
