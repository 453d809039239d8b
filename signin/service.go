package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Options configure a [Service]. Nil means that the platform keeps no passwords.
type Options struct {
	// Hasher makes and compares hashes, such as argon2id.New. All programs on one
	// database want one that reads what the others write. Default: none, so that
	// every verb answers [ErrOff].
	Hasher Hasher
	// Security holds wherever neither a workspace nor its tenant has settings of its
	// own (W8). Default: 12 characters of any kind; 5 failures lock for 15 minutes; a
	// reset holds for 24 hours; no password must be changed for its age.
	Security workspace.Security
}

func (o *Options) withDefaults() (Options, error) {
	set := Options{}
	if o != nil {
		set = *o
	}
	for field, value := range map[*int]int{&set.Security.MinLength: 12, &set.Security.Classes: 1, &set.Security.Failures: 5} {
		if *field == 0 {
			*field = value
		}
	}
	for field, value := range map[*time.Duration]time.Duration{
		&set.Security.Lock: 15 * time.Minute, &set.Security.ResetValidity: 24 * time.Hour,
	} {
		if *field == 0 {
			*field = value
		}
	}
	var p fault.Problems
	set.Security.Check(&p)
	return set, p.Err()
}

// A Service keeps passwords and signs members in. It is safe for concurrent use.
type Service struct {
	store   Store
	env     *unit.Env
	options Options
	nested  bool
}

// New returns the service over a store. The error is a *fault.InvalidError for
// options out of their bounds.
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	set, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return (&Service{env: env, options: set}).On(store), nil
}

// On returns the same service over another store.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Nested returns the same service over an open unit, where nobody signs in: see
// [ErrInUnit].
func (s *Service) Nested() *Service {
	on := *s
	on.nested = true
	return &on
}

// Defaults returns the security settings that hold where nothing is set.
func (s *Service) Defaults() workspace.Security { return s.options.Security }

// What every verb may answer.
var (
	// ErrOff: the platform keeps no passwords.
	ErrOff = fault.Define(fault.ErrUnavailable, "signin.off", "this platform keeps no passwords: give superapp.Options.SignIn a Hasher")
	// ErrInUnit: a unit or a transaction of the host's that is rolled back, as a dry
	// run is, would forget the attempts that were counted in it, and one that waits
	// for a hash holds its locks.
	ErrInUnit = fault.Define(fault.ErrState, "signin.in_unit",
		"passwords are not tried inside a unit or transaction: sign in before it, or after")
)

// on returns [ErrOff] for a platform that keeps no passwords.
func (s *Service) on() error {
	if s.options.Hasher == nil {
		return ErrOff
	}
	return nil
}

// outside is on for verbs that try a password.
func (s *Service) outside() error {
	if err := s.on(); err != nil {
		return err
	}
	if s.nested {
		return ErrInUnit
	}
	return nil
}

// security returns what holds in a workspace (W8).
func (s *Service) security(own, above workspace.Settings) workspace.Security {
	return workspace.Effective(own, above, workspace.Settings{Security: s.options.Security}).Security
}

// append reports a change of a member's password in the trail.
func (s *Service) append(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, m member.Member, reason string, now time.Time, before, after audit.Snapshot) error {
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: m.Workspace, Verb: verb, Object: rbac.OnMember(m.ID), Actor: actor, At: now,
		Reason: reason, Before: before, After: after,
	})
}

// snapshot is how a credential that was there before shows in the trail; nil for
// none.
func (c Credential) snapshot() audit.Snapshot {
	if c.Hash == "" {
		return nil
	}
	return c
}

// lockOf is the scope of a unit on a workspace that asks for nobody's facts.
func lockOf(w id.Workspace) unit.Scope {
	return unit.Scope{Query: rbac.Query{Object: rbac.OnWorkspace(w)}}
}
