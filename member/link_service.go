package member

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A LinkService makes, lists and accepts invitation links (M9). It is safe for
// concurrent use.
type LinkService struct {
	members *Service
	store   Store
	env     *unit.Env
}

// Links returns the service for links, over the same store and with the same
// options.
func (s *Service) Links() *LinkService { return &LinkService{members: s, store: s.store, env: s.env} }

// A NewLink asks for a link into a workspace (M9).
type NewLink struct {
	// Workspace is where it leads.
	Workspace id.Workspace
	// Role is a built-in role of that kind of workspace, or the code of an own role of
	// it (M15).
	Role rbac.Role
	// MiniPrograms are assigned to whoever comes, as the role allows or demands: see
	// rbac.Assignment.
	MiniPrograms []id.MiniProgram
	// Validity is how long it is valid, from [MinValidity] to [MaxValidity], and
	// no longer than the workspace's tenant has set for invitations, if it has. Default:
	// as long as an invitation by mail (M4).
	Validity time.Duration
	// Uses is how many people may come, at most [MaxLinkUses]. Default: 1.
	Uses int
	// Domains are the e-mail domains it is for, at most [MaxLinkDomains]: whoever
	// comes needs a verified address in one of them, where a subdomain is another
	// domain. Default: any, and none.
	Domains []string
}

// Create makes a link: it returns the record and the token, which is not to be
// had again ([LinkService.Renew] makes another). The caller needs member.invite
// and may grant no more than he holds (M12).
//
// Errors: *fault.InvalidError; a *[CeilingError].
func (s *LinkService) Create(ctx context.Context, actor rbac.Actor, in NewLink) (l Link, t Token, err error) {
	defer fault.Wrap(&err, "member: create link")
	fresh, err := s.newLink(in)
	if err != nil {
		return l, "", err
	}
	t, hash := newLinkToken()
	on := rbac.OnWorkspace(in.Workspace)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.InviteMember, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		now := s.env.Now()
		found, err := tx.Lookup(ctx, Lookup{Workspace: facts.Owner, Programs: in.MiniPrograms, Settings: true})
		if err != nil {
			return err
		}
		made := fresh
		made.Workspace, made.Tenant = facts.Owner, facts.Tenant
		made.Maker, made.CreatedAt, made.UpdatedAt = actor.Account(), now, now
		if err := s.complete(ctx, tx, &made, facts, found, in.MiniPrograms, now); err != nil {
			return err
		}
		if err := s.members.ceiling(ctx, tx, actor, facts, made.Role, made.Programs); err != nil {
			return err
		}
		if err := tx.InsertLink(ctx, made); err != nil {
			return err
		}
		if err := tx.InsertLinkToken(ctx, hash, made.ID, made.Generation); err != nil {
			return err
		}
		l = made
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: made.Workspace, Verb: EventLinkCreated, Object: rbac.OnLink(made.ID), Actor: actor, At: now, After: made,
		})
	})
	if err != nil {
		return Link{}, "", err
	}
	return l, t, nil
}

// newLink makes what does not depend on the store: the id, and the check of what
// was written.
func (s *LinkService) newLink(in NewLink) (Link, error) {
	var p fault.Problems
	l := Link{ID: id.Link{UUID: s.env.NewID()}, Role: in.Role, MaxUses: max(in.Uses, 1), Validity: in.Validity, Generation: 1}
	if in.Uses < 0 || in.Uses > MaxLinkUses {
		p.Add("uses", "not_allowed", fmt.Sprintf("want 1 to %d, got %d", MaxLinkUses, in.Uses))
	}
	if in.Validity != 0 && (in.Validity < MinValidity || in.Validity > MaxValidity) {
		p.Add("validity", "not_allowed", fmt.Sprintf("want %s to %s, got %s", MinValidity, MaxValidity, in.Validity))
	}
	if len(in.MiniPrograms) > MaxPrograms {
		p.Add("mini_programs", "too_long", fmt.Sprintf("want at most %d, got %d", MaxPrograms, len(in.MiniPrograms)))
	}
	if len(in.Domains) > MaxLinkDomains {
		p.Add("domains", "too_long", fmt.Sprintf("want at most %d, got %d", MaxLinkDomains, len(in.Domains)))
		return l, p.Err()
	}
	for i, d := range in.Domains {
		l.Domains = append(l.Domains, text.Domain(&p, fmt.Sprintf("domains[%d]", i), d))
	}
	slices.Sort(l.Domains)
	l.Domains = slices.Compact(l.Domains)
	return l, p.Err()
}

// complete decides what the link gives and how long it is valid.
func (s *LinkService) complete(ctx context.Context, r Reader, l *Link, facts rbac.Facts, found Found, wanted []id.MiniProgram, now time.Time) error {
	var p fault.Problems
	info, ok, err := s.members.role(ctx, r, &p, l.Role, facts)
	if err != nil {
		return err
	}
	if ok {
		l.Programs = assign(&p, info, facts.Owner, facts.Tenant, wanted, found.Programs, nil)
	}
	most := found.Above.Validity
	switch {
	case l.Validity == 0:
		l.Validity = s.members.settings(&found).Validity
	case most != 0 && l.Validity > most:
		p.Add("validity", "not_allowed", fmt.Sprintf("want at most the %s that the tenant has set for invitations, got %s", most, l.Validity))
	}
	l.ExpiresAt = now.Add(l.Validity)
	return p.Err()
}
