package member

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// An Inspection is what may be shown to whoever holds a token.
type Inspection struct {
	// State says whether the invitation can be accepted.
	State TokenState
	// Member is the invitation's record.
	Member id.Member
	// Workspace, WorkspaceName and Kind are where it leads.
	Workspace     id.Workspace
	WorkspaceName string
	Kind          workspace.Kind
	// Role is the role it gives; "" once it is spent, as are Inviter and
	// ExpiresAt.
	Role rbac.Role
	// Inviter is the name of whoever sent it last, as a member of the workspace
	// or, for a first admin, of its tenant; "" for the platform operator, or if
	// he is no longer a member.
	Inviter string
	// ExpiresAt ends its validity.
	ExpiresAt time.Time
}

// Inspect looks at an invitation. It changes nothing, however often it is
// called, so that a mail scanner that opens the link does no harm (M7). Errors:
// [ErrTokenMalformed], [ErrTokenUnknown]; everything else is in the State.
func (s *Service) Inspect(ctx context.Context, t Token) (in Inspection, err error) {
	defer fault.Wrap(&err, "member: inspect invitation")
	hash, err := t.hash()
	if err != nil {
		return in, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		found, err := claim(ctx, r, hash, "")
		if err != nil {
			return err
		}
		in = Inspection{
			Member: found.Member.ID, Workspace: found.Workspace.ID, WorkspaceName: found.Workspace.Name, Kind: found.Workspace.Kind,
			Role: found.Member.Role, ExpiresAt: found.Member.Invitation.ExpiresAt,
		}
		if in.State, err = s.judge(ctx, r, &found, s.env.Now()); err != nil {
			return err
		}
		if in.State == TokenSpent {
			// An old link is no window on what became of the member.
			in.Role, in.ExpiresAt = "", time.Time{}
			return nil
		}
		in.Inviter, err = inviter(ctx, r, found.Sender)
		return err
	})
	if err != nil {
		return Inspection{}, err
	}
	return in, nil
}

// inviter returns the name of whoever sent an invitation, by his facts on its
// workspace; "" if he is in neither the workspace nor its tenant.
func inviter(ctx context.Context, r Reader, sender rbac.Facts) (string, error) {
	m := sender.Home.Member
	if m.IsZero() {
		m = sender.Above.Member
	}
	if m.IsZero() {
		return "", nil
	}
	found, err := r.Member(ctx, m)
	return found.Name, err
}

// claim finds the invitation of a token; [ErrTokenUnknown] if there is none.
func claim(ctx context.Context, r Reader, hash [32]byte, account id.Account) (Found, error) {
	found, err := r.Lookup(ctx, Lookup{Token: hash, Account: account, Admins: true, Settings: true})
	if err != nil {
		return found, err
	}
	if found.Member.ID.IsZero() || subtle.ConstantTimeCompare(found.TokenHash[:], hash[:]) != 1 {
		return found, ErrTokenUnknown
	}
	return found, nil
}

// judge returns the state of the token at a moment, the right of the last
// sender included (M12); first admins need none.
func (s *Service) judge(ctx context.Context, r Reader, found *Found, now time.Time) (TokenState, error) {
	state := found.tokenState(now)
	m := &found.Member
	if state != TokenOpen || found.isFirst() {
		return state, nil
	}
	entitled, err := s.entitled(ctx, r, found, m.Invitation.Sender, m.Role, m.Programs)
	if !entitled {
		state = TokenNotEntitled
	}
	return state, err
}

// entitled reports whether whoever sent an invitation, or made a link, may still
// grant what it gives (M12). The platform operator, "", may; but nobody may grant an
// own role that is gone, which one process can see while for the clock of another the
// invitation is open still.
func (s *Service) entitled(ctx context.Context, r Reader, found *Found, by id.Account, role rbac.Role, held []rbac.HeldProgram) (bool, error) {
	err := s.stillFits(ctx, r, found.Workspace.ID, found.Workspace.Tenant, role, held)
	switch {
	case errors.Is(err, ErrRoleGone):
		return false, nil
	case err != nil || by == "":
		return err == nil, err
	}
	sender := rbac.User(by)
	if !s.env.Matrix.Decide(sender, found.Sender, rbac.InviteMember).Allowed {
		return false, nil
	}
	over, err := s.exceeds(ctx, r, sender, found.Sender, role, held)
	return over == nil, err
}

// An Account is whoever accepts an invitation, as the host's login knows him.
type Account struct {
	ID id.Account
	// Email is the account's address, EmailVerified whether the host has seen
	// that it is his: never say so of an address that was only typed in.
	Email         string
	EmailVerified bool
	// Request is the host's id of the request, for the audit trail: one line of
	// at most rbac.MaxRequest bytes.
	Request string
}

// Accept makes the account a member: it spends the invitation (M7, M8). Among
// any number of callers exactly one wins; the others, and the same account a
// second time, get [ErrTokenSpent].
//
// Errors: the token's ([TokenState.Err], [ErrTokenMalformed], [ErrTokenUnknown]);
// [ErrEmailNotVerified] and [ErrOtherPerson], unless the host chose a laxer
// policy; [ErrAlreadyMember] for an account that is a member, blocked included.
// On an error nothing is spent.
func (s *Service) Accept(ctx context.Context, t Token, a Account) (m Member, err error) {
	defer fault.Wrap(&err, "member: accept invitation")
	hash, err := t.hash()
	if err != nil {
		return m, err
	}
	if err := a.ID.Validate(); err != nil {
		return m, err
	}
	err = s.store.Update(ctx, unit.Scope{Token: hash, Query: rbac.Query{Account: a.ID}}, func(ctx context.Context, tx Tx) error {
		now := s.env.Now()
		found, err := claim(ctx, tx, hash, a.ID)
		if err != nil {
			return err
		}
		state, err := s.judge(ctx, tx, &found, now)
		if err != nil {
			return err
		}
		if err := state.Err(); err != nil {
			return err
		}
		if err := s.recipient(&found).admits(a, found.Member.Email); err != nil {
			return err
		}
		if !found.Present.IsZero() {
			return ErrAlreadyMember
		}
		before, after := found.Member, found.Member
		after.State, after.Account, after.JoinedAt, after.UpdatedAt = Active, a.ID, now, now
		m = after
		return save(ctx, tx, rbac.User(a.ID).WithRequest(a.Request), EventAccepted, "", before, after)
	})
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

// recipient returns the policy that holds in the workspace of a token.
func (s *Service) recipient(found *Found) Recipient {
	name := s.settings(found).Recipient
	return Recipient(slices.Index(workspace.Recipients(), name))
}

// admits applies the policy of who may accept an invitation to an address.
func (r Recipient) admits(a Account, invited string) error {
	switch {
	case r == UnsafeAnyAccount:
		return nil
	case !a.EmailVerified || a.Email == "":
		return ErrEmailNotVerified
	case r == UnsafeAnyVerifiedEmail:
		return nil
	}
	var p fault.Problems
	if email := text.Email(&p, "email", a.Email); len(p) > 0 || email != invited {
		return ErrOtherPerson
	}
	return nil
}
