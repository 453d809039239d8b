package member

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// A Membership is the caller's own place in a workspace.
type Membership struct {
	Member
	// Status is active or inactive.
	Status Status
	// WorkspaceName and Kind are those of the workspace, WorkspaceStatus its
	// status.
	WorkspaceName   string
	Kind            workspace.Kind
	WorkspaceStatus workspace.Status
}

// Mine returns a page of the caller's own memberships, blocked ones included,
// in the order in which they began (M16); an actor that is bound to a workspace
// sees that one. Everybody may ask for his own; the platform operator has none.
func (s *Service) Mine(ctx context.Context, actor rbac.Actor, req page.Request) (p page.Page[Membership], err error) {
	defer fault.Wrap(&err, "member: mine")
	if err := actor.Validate(); err != nil || actor.IsSystem() {
		return p, err
	}
	q := Query{Account: actor.Account(), Workspace: actor.Bound(), Statuses: []Status{StatusActive, StatusInactive}}
	return across(ctx, s, "member.mine", q, req, func(m Member, w workspace.Workspace, now time.Time) Membership {
		return Membership{Member: m, Status: m.Status(now), WorkspaceName: w.Name, Kind: w.Kind, WorkspaceStatus: w.Status}
	}, func(m Membership) id.Member { return m.ID })
}

// A Received is an invitation as the invited person sees it.
type Received struct {
	Member        id.Member
	Workspace     id.Workspace
	WorkspaceName string
	Kind          workspace.Kind
	Role          rbac.Role
	// SentAt and ExpiresAt bound its validity.
	SentAt, ExpiresAt time.Time
	// WorkspaceStatus is the status of the workspace: in a disabled one nothing
	// can be accepted.
	WorkspaceStatus workspace.Status
}

// Invitations returns a page of the invitations to the account's verified
// e-mail that have not expired, in all workspaces, oldest first (M16). It gives
// no token: the link in the mail remains the way in. [ErrEmailNotVerified]
// unless the host has verified the address.
func (s *Service) Invitations(ctx context.Context, a Account, req page.Request) (p page.Page[Received], err error) {
	defer fault.Wrap(&err, "member: invitations")
	if err := a.ID.Validate(); err != nil {
		return p, err
	}
	if !a.EmailVerified || a.Email == "" {
		return p, ErrEmailNotVerified
	}
	var problems fault.Problems
	email := text.Email(&problems, "email", a.Email)
	if err := problems.Err(); err != nil {
		return p, err
	}
	q := Query{Email: email, Statuses: []Status{StatusSent}}
	return across(ctx, s, "member.invitations", q, req, func(m Member, w workspace.Workspace, _ time.Time) Received {
		return Received{
			Member: m.ID, Workspace: w.ID, WorkspaceName: w.Name, Kind: w.Kind, Role: m.Role,
			SentAt: m.Invitation.SentAt, ExpiresAt: m.Invitation.ExpiresAt, WorkspaceStatus: w.Status,
		}
	}, func(r Received) id.Member { return r.Member })
}

// across pages through the records of one person in all workspaces.
func across[T any](ctx context.Context, s *Service, list string, q Query, req page.Request,
	show func(Member, workspace.Workspace, time.Time) T, key func(T) id.Member) (p page.Page[T], err error) {
	limit, after, err := req.ByID(list)
	if err != nil {
		return p, err
	}
	q.Now, q.After, q.Limit = s.env.Now(), id.Member{UUID: after}, limit+1
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		found, err := r.Members(ctx, q)
		if err != nil {
			return err
		}
		rows := make([]T, len(found))
		for i, m := range found {
			w, err := r.Workspace(ctx, m.Workspace)
			if err != nil {
				return err
			}
			rows[i] = show(m, w, q.Now)
		}
		p = page.Cut(list, rows, limit, func(row T) []byte { return key(row).Bytes() })
		return nil
	})
	return p, err
}
