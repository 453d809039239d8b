package member

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// ErrLinkNotFound is the error for a link that does not exist, or that the caller
// may not know of.
var ErrLinkNotFound = fault.Define(fault.ErrNotFound, "member.link_not_found", "no such link")

// Renew makes another token for a link, which is how to copy it again: the store
// keeps no token. The one before stops working and answers that there is a newer
// one; what was used stays used, and the validity starts anew, as long as it was.
// The caller needs member.invite, becomes the maker whose rights count, and may
// grant no more than he holds (M12). Errors: a *[LinkStateError] for a link that
// is used up or revoked; [ErrRoleGone] if its own role was deleted, or takes other
// mini programs by now (M15); a *[CeilingError].
func (s *LinkService) Renew(ctx context.Context, actor rbac.Actor, link id.Link) (l Link, t Token, err error) {
	defer fault.Wrap(&err, "member: renew link")
	t, hash := newLinkToken()
	l, err = s.change(ctx, actor, link, LinkRenew, EventLinkRenewed, func(c *changingLink) error {
		if err := s.members.stillFits(c.ctx, c.tx, c.facts.Owner, c.facts.Tenant, c.after.Role, c.after.Programs); err != nil {
			return err
		}
		if err := s.members.ceiling(c.ctx, c.tx, actor, c.facts, c.after.Role, c.after.Programs); err != nil {
			return err
		}
		if most := c.found.Above.Validity; most != 0 {
			c.after.Validity = min(c.after.Validity, most)
		}
		c.after.ExpiresAt = c.after.UpdatedAt.Add(c.after.Validity)
		c.after.Generation++
		c.after.Maker = actor.Account()
		return c.tx.InsertLinkToken(c.ctx, hash, link, c.after.Generation)
	})
	if err != nil {
		return Link{}, "", err
	}
	return l, t, nil
}

// Revoke ends a link: nobody comes by it any more, and who has come stays. The
// caller needs member.invite. He may revoke a link that grants more than he
// holds: a link that leaked has to be stopped. Errors: a *[LinkStateError] for a
// link that is used up or revoked, so the second time.
func (s *LinkService) Revoke(ctx context.Context, actor rbac.Actor, link id.Link) (l Link, err error) {
	defer fault.Wrap(&err, "member: revoke link")
	return s.change(ctx, actor, link, LinkRevoke, EventLinkRevoked, func(c *changingLink) error {
		c.after = c.after.Revoke(c.after.UpdatedAt)
		return nil
	})
}

// A changingLink is a change of a link on its way.
type changingLink struct {
	ctx   context.Context
	tx    Tx
	facts rbac.Facts
	found Found
	// after is the link, changed at after.UpdatedAt.
	after Link
}

// change runs one verb upon a link in a unit: the right, the state, the verb's
// own rule.
func (s *LinkService) change(ctx context.Context, actor rbac.Actor, link id.Link, a LinkAction, verb audit.Verb, apply func(*changingLink) error) (after Link, err error) {
	on := rbac.OnLink(link)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.InviteMember, on, ErrLinkNotFound)
		if err != nil {
			return err
		}
		found, err := tx.Lookup(ctx, Lookup{Link: link, Workspace: facts.Owner, Settings: true})
		if err != nil {
			return err
		}
		now := s.env.Now()
		if err := found.Link.may(a, now); err != nil {
			return err
		}
		c := &changingLink{ctx: ctx, tx: tx, facts: facts, found: found, after: found.Link}
		c.after.UpdatedAt = now
		if err := apply(c); err != nil {
			return err
		}
		after = c.after
		return saveLink(ctx, tx, actor, verb, found.Link, after)
	})
	if err != nil {
		return Link{}, err
	}
	return after, nil
}

// saveLink stores a changed link and reports the change.
func saveLink(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, before, after Link) error {
	if err := tx.UpdateLink(ctx, after); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: after.Workspace, Verb: verb, Object: rbac.OnLink(after.ID), Actor: actor, At: after.UpdatedAt, Before: before, After: after,
	})
}
