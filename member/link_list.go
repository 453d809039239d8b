package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// LinkDetails is a link as a list shows it: with its status at this moment, and
// the actions open to the caller.
type LinkDetails struct {
	Link
	// Now is the moment; Status is the status then.
	Now    time.Time
	Status LinkStatus
	// Actions are those that would succeed if the caller took them now.
	Actions []LinkAction
}

// Get returns one link. The caller needs member.view. [ErrLinkNotFound] for
// anyone who is in neither the workspace nor its tenant.
func (s *LinkService) Get(ctx context.Context, actor rbac.Actor, link id.Link) (d LinkDetails, err error) {
	defer fault.Wrap(&err, "member: get link")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnLink(link), ErrLinkNotFound)
		if err != nil {
			return err
		}
		found, err := r.Lookup(ctx, Lookup{Link: link})
		if err != nil {
			return err
		}
		d, err = s.details(ctx, r, actor, facts, found.Link, s.env.Now())
		return err
	})
	return d, err
}

// A LinkFilter narrows [LinkService.List]. Zero fields select everything; fields
// combine.
type LinkFilter struct {
	// Workspace is whose links are listed.
	Workspace id.Workspace
	// Statuses selects links with one of these. Default: all.
	Statuses []LinkStatus
	// Role selects links that give it.
	Role rbac.Role
}

// list names the list for its cursors.
func (f LinkFilter) list() string { return "member.links:" + f.Workspace.String() }

// query turns the filter into what the store is asked.
func (f LinkFilter) query(now time.Time, req page.Request) (q LinkQuery, err error) {
	var p fault.Problems
	q = LinkQuery{Workspace: f.Workspace, Role: f.Role, Now: now}
	if len(f.Statuses) > 0 {
		q.Statuses = f.Statuses
	}
	for _, st := range q.Statuses {
		if !slices.Contains(LinkStatuses(), st) {
			p.Add("statuses", "unknown", fmt.Sprintf("no such status: %.40q; want some of %v", string(st), LinkStatuses()))
		}
	}
	if err := p.Err(); err != nil {
		return q, err
	}
	limit, after, err := req.ByID(f.list())
	q.After, q.Limit = id.Link{UUID: after}, limit+1
	return q, err
}

// List returns a page of a workspace's links, in the order in which they were
// made. The caller needs member.view there.
func (s *LinkService) List(ctx context.Context, actor rbac.Actor, f LinkFilter, req page.Request) (p page.Page[LinkDetails], err error) {
	defer fault.Wrap(&err, "member: list links")
	q, err := f.query(s.env.Now(), req)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnWorkspace(f.Workspace), workspace.ErrNotFound)
		if err != nil {
			return err
		}
		rows, err := r.Links(ctx, q)
		if err != nil {
			return err
		}
		all, r := make([]LinkDetails, len(rows)), recall(r)
		for i, l := range rows {
			if all[i], err = s.details(ctx, r, actor, facts, l, q.Now); err != nil {
				return err
			}
		}
		p = page.Cut(f.list(), all, q.Limit-1, func(d LinkDetails) []byte { return d.ID.Bytes() })
		return nil
	})
	return p, err
}

// details tells the actions open to the caller: the rules of the verbs, asked
// beforehand.
func (s *LinkService) details(ctx context.Context, r Reader, actor rbac.Actor, facts rbac.Facts, l Link, now time.Time) (LinkDetails, error) {
	d := LinkDetails{Link: l, Now: now, Status: l.Status(now)}
	if !s.env.Matrix.Decide(actor, facts, rbac.InviteMember).Allowed {
		return d, nil
	}
	for _, a := range openLink[d.Status] {
		switch a {
		case LinkAccept:
			continue // only with the token
		case LinkRenew:
			err := s.members.stillFits(ctx, r, facts.Owner, facts.Tenant, l.Role, l.Programs)
			if err == nil {
				err = s.members.ceiling(ctx, r, actor, facts, l.Role, l.Programs)
			}
			switch {
			case errors.Is(err, ErrRoleGone), errors.Is(err, ErrCeiling):
				continue
			case err != nil:
				return d, err
			}
		}
		d.Actions = append(d.Actions, a)
	}
	return d, nil
}
