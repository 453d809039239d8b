package member

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Recipient is a policy of who may accept an invitation (M7).
type Recipient uint8

// The policies.
const (
	// InvitedEmail: only an account whose verified e-mail is the invited one.
	InvitedEmail Recipient = iota
	// UnsafeAnyVerifiedEmail: any account with a verified e-mail. Whoever gets
	// hold of a forwarded mail gets in.
	UnsafeAnyVerifiedEmail
	// UnsafeAnyAccount: any account at all. Whoever gets hold of a link gets in.
	UnsafeAnyAccount
)

// The bounds of the validity of an invitation (M4).
const (
	MinValidity = workspace.MinValidity
	MaxValidity = workspace.MaxValidity
)

// String returns the name of the policy in a workspace's settings.
func (r Recipient) String() string {
	if names := workspace.Recipients(); int(r) < len(names) {
		return names[r]
	}
	return "?"
}

// Options configure a [Service]. They hold wherever neither a workspace nor its
// tenant has settings of its own (W8).
type Options struct {
	// Validity is how long an invitation is valid from its sending, from
	// [MinValidity] to [MaxValidity] (M4). Default: 3 days.
	Validity time.Duration
	// MaxBatch is the greatest number of people invited at once, 1 to
	// workspace.MaxBatch (M1). Default: 10.
	MaxBatch int
	// Recipient is who may accept (M7). Default: [InvitedEmail].
	Recipient Recipient
	// Letters says that a handler of the trail's events, such as package letter's,
	// takes invitations to their invitees: whatever sends one then returns "" for
	// a token, and the letter's is made by [Service.Mint] when the letter is. So nobody
	// but the invitee ever holds a link. Default: the caller gets the token.
	Letters bool
}

func (o *Options) withDefaults() (Options, error) {
	set := Options{}
	if o != nil {
		set = *o
	}
	if set.Validity == 0 {
		set.Validity = 3 * 24 * time.Hour
	}
	if set.MaxBatch == 0 {
		set.MaxBatch = 10
	}
	var p fault.Problems
	if set.Validity < MinValidity || set.Validity > MaxValidity {
		p.Add("validity", "not_allowed", fmt.Sprintf("want %s to %s, got %s", MinValidity, MaxValidity, set.Validity))
	}
	if set.MaxBatch < 1 || set.MaxBatch > workspace.MaxBatch {
		p.Add("max_batch", "not_allowed", fmt.Sprintf("want 1 to %d, got %d", workspace.MaxBatch, set.MaxBatch))
	}
	if set.Recipient > UnsafeAnyAccount {
		p.Add("recipient", "unknown", "want one of the policies of package member")
	}
	return set, p.Err()
}

// A Service invites, changes and lists members. It is safe for concurrent use.
type Service struct {
	store   Store
	env     *unit.Env
	options Options
}

// New returns the service over a store; nil options are the defaults. The error
// is a *fault.InvalidError for options out of their bounds.
func New(store Store, env *unit.Env, o *Options) (*Service, error) {
	set, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return (&Service{env: env, options: set}).On(store), nil
}

// On returns the same service over another store, such as an open unit.
func (s *Service) On(store Store) *Service {
	on := *s
	on.store = store
	return &on
}

// Defaults returns the options as settings: what holds where nothing is set.
func (s *Service) Defaults() workspace.Settings {
	o := s.options
	return workspace.Settings{Validity: o.Validity, MaxBatch: o.MaxBatch, Recipient: o.Recipient.String()}
}

// settings returns what holds in the workspace of a look-up that asked for it
// (W8).
func (s *Service) settings(f *Found) workspace.Settings {
	return workspace.Effective(f.Own, f.Above, s.Defaults())
}

// ceiling returns a *[CeilingError] if somebody with the role and these mini
// programs holds more in the facts' workspace than the actor (M12). What the
// actor holds by assignment is read only if it can matter.
func (s *Service) ceiling(ctx context.Context, r Reader, actor rbac.Actor, facts rbac.Facts, role rbac.Role, held []rbac.HeldProgram) error {
	over, err := s.exceeds(ctx, r, actor, facts, role, held)
	if err != nil || over == nil {
		return err
	}
	names := make([]string, len(over))
	for i, p := range over {
		names[i] = s.env.Matrix.Name(p)
	}
	return &CeilingError{Permissions: names}
}

func (s *Service) exceeds(ctx context.Context, r Reader, actor rbac.Actor, facts rbac.Facts, role rbac.Role, held []rbac.HeldProgram) ([]rbac.Permission, error) {
	own, err := ownRole(ctx, r, facts.Owner, role)
	if err != nil || s.over(actor, facts, nil, role, own, held) == nil {
		return nil, err
	}
	grants, err := r.Grants(ctx, actor.Account())
	if err != nil {
		return nil, err
	}
	return s.over(actor, facts, grants, role, own, held), nil
}

// save stores a changed member and reports the change.
func save(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, reason string, before, after Member) error {
	if err := tx.UpdateMember(ctx, after); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: after.Workspace, Verb: verb, Object: rbac.OnMember(after.ID), Actor: actor, At: after.UpdatedAt,
		Reason: reason, Before: before, After: after,
	})
}
