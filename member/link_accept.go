package member

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A LinkInspection is what may be shown to whoever holds a link's token.
type LinkInspection struct {
	// State says whether it can be accepted.
	State TokenState
	// Link is the link's record.
	Link id.Link
	// Workspace, WorkspaceName and Kind are where it leads.
	Workspace     id.Workspace
	WorkspaceName string
	Kind          workspace.Kind
	// Role is the role it gives; "" once it is used up, revoked or renewed, as are
	// Inviter, Domains and ExpiresAt.
	Role rbac.Role
	// Inviter is the name of whoever made or renewed it, as a member of the
	// workspace or of its tenant; "" for the platform operator, or if he is no longer
	// a member.
	Inviter string
	// Domains are the e-mail domains it is for; none means any.
	Domains []string
	// ExpiresAt ends its validity.
	ExpiresAt time.Time
}

// Inspect looks at a link. It changes nothing, however often it is called, so
// that a mail scanner or chat program that opens it does no harm (M7). Errors:
// [ErrTokenMalformed], also for a token of a mailed invitation;
// [ErrTokenUnknown]; everything else is in the State.
func (s *LinkService) Inspect(ctx context.Context, t Token) (in LinkInspection, err error) {
	defer fault.Wrap(&err, "member: inspect link")
	hash, err := t.linkHash()
	if err != nil {
		return in, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		found, err := claimLink(ctx, r, Lookup{LinkToken: hash})
		if err != nil {
			return err
		}
		w := found.Workspace
		in = LinkInspection{Link: found.Link.ID, Workspace: w.ID, WorkspaceName: w.Name, Kind: w.Kind}
		if in.State, err = s.judge(ctx, r, &found, s.env.Now()); err != nil {
			return err
		}
		switch in.State {
		case TokenSuperseded, TokenWithdrawn, TokenUsedUp:
			// An old link is no window on the workspace.
			return nil
		}
		in.Role, in.Domains, in.ExpiresAt = found.Link.Role, found.Link.Domains, found.Link.ExpiresAt
		in.Inviter, err = inviter(ctx, r, found.Sender)
		return err
	})
	if err != nil {
		return LinkInspection{}, err
	}
	return in, nil
}

// claimLink finds the link of a token; [ErrTokenUnknown] if there is none.
func claimLink(ctx context.Context, r Reader, l Lookup) (Found, error) {
	found, err := r.Lookup(ctx, l)
	if err != nil {
		return found, err
	}
	if found.Link.ID.IsZero() || subtle.ConstantTimeCompare(found.TokenHash[:], l.LinkToken[:]) != 1 {
		return found, ErrTokenUnknown
	}
	return found, nil
}

// judge returns the state of a link's token at a moment, the right of its maker
// included (M12).
func (s *LinkService) judge(ctx context.Context, r Reader, found *Found, now time.Time) (TokenState, error) {
	state, l := found.linkState(now), &found.Link
	if state != TokenOpen {
		return state, nil
	}
	entitled, err := s.members.entitled(ctx, r, found, l.Maker, l.Role, l.Programs)
	if !entitled {
		state = TokenNotEntitled
	}
	return state, err
}

// ErrOtherDomain is the error for accepting a link with an e-mail in none of its
// domains.
var ErrOtherDomain = fault.Define(fault.ErrDenied, "member.other_domain",
	"the link is for e-mail addresses of other domains: sign in with such an account")

// ErrInvitedByMail is the error for accepting a link with the e-mail of an open
// invitation, or of another member, to the same workspace (M6).
var ErrInvitedByMail = fault.Define(fault.ErrExists, "member.invited_by_mail",
	"the account's e-mail has an invitation to the workspace already: accept that one")

// Accept makes the account a member: it uses the link once (M8, M9). Among any
// number of callers exactly as many win as the link has uses left; the others get
// [ErrTokenUsedUp]. The member is like any other from then on: his e-mail is the
// account's, if it is verified, and his name, 1 to 64 characters, is the one given.
//
// Errors: *fault.InvalidError; the token's ([TokenState.Err], [ErrTokenMalformed],
// [ErrTokenUnknown]); [ErrEmailNotVerified], unless the policy of the workspace is
// [UnsafeAnyAccount] and the link has no domains; [ErrOtherDomain];
// [ErrAlreadyMember] for an account or e-mail that is a member's, blocked ones
// included; [ErrInvitedByMail]. On an error nothing is used.
func (s *LinkService) Accept(ctx context.Context, t Token, a Account, name string) (m Member, err error) {
	defer fault.Wrap(&err, "member: accept link")
	hash, err := t.linkHash()
	if err != nil {
		return m, err
	}
	if err := a.ID.Validate(); err != nil {
		return m, err
	}
	fresh, err := s.newcomer(a, name)
	if err != nil {
		return m, err
	}
	ask := Lookup{LinkToken: hash, Account: a.ID, Admins: true, Settings: true}
	if fresh.Email != "" {
		ask.Emails = []string{fresh.Email}
	}
	by := rbac.User(a.ID).WithRequest(a.Request)
	err = s.store.Update(ctx, unit.Scope{Token: hash, Query: rbac.Query{Account: a.ID}}, func(ctx context.Context, tx Tx) error {
		now := s.env.Now()
		found, err := claimLink(ctx, tx, ask)
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
		if err := found.Link.admits(s.members.recipient(&found), fresh.Email); err != nil {
			return err
		}
		replaced, err := found.takes(now)
		if err != nil {
			return err
		}
		m = fresh
		return enter(ctx, tx, by, found.Link, &m, replaced, now)
	})
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

// newcomer makes what does not depend on the store.
func (s *LinkService) newcomer(a Account, name string) (Member, error) {
	var p fault.Problems
	m := Member{ID: id.Member{UUID: s.env.NewID()}, State: Active, Account: a.ID}
	m.Name = text.Line(&p, "name", name, 1, MaxName)
	m.NameKey = text.Fold(m.Name)
	if a.EmailVerified && a.Email != "" {
		m.Email = text.Email(&p, "email", a.Email)
	}
	return m, p.Err()
}

// admits applies the recipient policy and the link's domains to a verified
// address, "" for none. A link is to nobody by name, so that of the strictest
// policy there remains that the address is verified.
func (l Link) admits(r Recipient, email string) error {
	switch {
	case email == "" && (r != UnsafeAnyAccount || len(l.Domains) > 0):
		return ErrEmailNotVerified
	case len(l.Domains) > 0 && !slices.Contains(l.Domains, email[strings.LastIndexByte(email, '@')+1:]):
		return ErrOtherDomain
	}
	return nil
}

// takes returns the error of an account or e-mail that is in the workspace
// already, or the expired invitation that the newcomer's membership replaces (M6).
func (f *Found) takes(now time.Time) (replaced *Member, err error) {
	if !f.Present.IsZero() {
		return nil, ErrAlreadyMember
	}
	for i := range f.Open {
		switch m := &f.Open[i]; {
		case m.State.Present():
			return nil, ErrAlreadyMember
		case m.Status(now) != StatusExpired || m.First && f.Admins == 0:
			return nil, ErrInvitedByMail
		default:
			replaced = m
		}
	}
	return replaced, nil
}

// enter stores the newcomer and the use of the link.
func enter(ctx context.Context, tx Tx, by rbac.Actor, l Link, m *Member, replaced *Member, now time.Time) error {
	if replaced != nil {
		if err := save(ctx, tx, by, EventWithdrawn, "replaced by a link", *replaced, replaced.end(Withdrawn, now)); err != nil {
			return err
		}
	}
	used := l
	used.Uses++
	used.UpdatedAt = now
	if err := saveLink(ctx, tx, by, EventLinkUsed, l, used); err != nil {
		return err
	}
	m.Workspace, m.Tenant, m.Role, m.Programs = l.Workspace, l.Tenant, l.Role, l.Programs
	m.CreatedAt, m.UpdatedAt, m.JoinedAt = now, now, now
	if err := tx.InsertMember(ctx, *m); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: m.Workspace, Verb: EventJoined, Object: rbac.OnMember(m.ID), Actor: by, At: now, Reason: "by link " + l.ID.String(), After: *m,
	})
}
