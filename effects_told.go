package superapp

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// Told is somebody who gets a letter of an effect. What is not known of him is zero.
type Told struct {
	Member  id.Member
	Account id.Account
	Name    string
	Email   string
}

func toldOf(m member.Member) Told {
	return Told{Member: m.ID, Account: m.Account, Name: m.Name, Email: m.Email}
}

// told finds out whom package letter writes to when the unit is done, each once.
func (r *recording) told(ctx context.Context, tx storage.Tx, changes []Change) (all []Told, err error) {
	known := map[Told]bool{}
	for i, c := range changes {
		found, err := c.told(ctx, tx, r.events[i], changes[:i], changes[i:])
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			key := Told{Member: t.Member}
			if t.Member.IsZero() {
				key.Account = t.Account
			}
			if !known[key] {
				known[key] = true
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// told are those who get a letter of one change, of which there are some before and,
// itself included, some from then on.
func (c Change) told(ctx context.Context, tx storage.Tx, e audit.Event, before, then []Change) ([]Told, error) {
	switch c.Verb {
	case member.EventInvited, member.EventResent:
		return c.invitee(then)
	case signin.EventReset:
		m, err := tx.Member(ctx, id.Member{UUID: c.Object.ID})
		if err != nil || m.State != member.Active {
			return nil, err
		}
		return []Told{toldOf(m)}, nil
	case member.EventWithdrawn:
		return c.withdrawn(ctx, tx, e)
	case approval.EventApproved, approval.EventRejected, approval.EventVoided:
		return c.submitter(ctx, tx, e)
	case miniprogram.EventArchived, miniprogram.EventForceRemoved, miniprogram.EventWarned, miniprogram.EventRectificationRequired:
		return c.admins(ctx, tx, e)
	case workspace.EventRemoved:
		return c.formerAdmins(before)
	}
	return nil, nil
}

// invitee is who is invited, unless he has come or is withdrawn in the same unit.
func (c Change) invitee(then []Change) ([]Told, error) {
	for _, later := range slices.Backward(then) {
		if later.Object != c.Object {
			continue
		}
		is, err := state[member.Snapshot](later.Data.After)
		if err != nil || is.State != member.Invited {
			return nil, err
		}
		break
	}
	return c.person(c.Personal.After)
}

// person is the member whom the change is about, by his personal data in the trail.
func (c Change) person(raw json.RawMessage) ([]Told, error) {
	p, err := state[member.SnapshotPersonal](raw)
	if err != nil {
		return nil, err
	}
	return []Told{{Member: id.Member{UUID: c.Object.ID}, Account: p.Account, Name: p.Name, Email: p.Email}}, nil
}

// withdrawn is whose invitation is over, if he could have accepted it, and has no
// other one.
func (c Change) withdrawn(ctx context.Context, tx storage.Tx, e audit.Event) ([]Told, error) {
	was, err := state[member.Snapshot](c.Data.Before)
	if err != nil || !e.At.Before(was.ExpiresAt) {
		return nil, err
	}
	person, err := c.person(c.Personal.Before)
	if err != nil || person[0].Email == "" {
		return nil, err
	}
	again, err := tx.Lookup(ctx, member.Lookup{Workspace: c.Workspace, Emails: []string{person[0].Email}})
	if err != nil || len(again.Open) > 0 {
		return nil, err
	}
	return person, nil
}

// submitter is whose request somebody else has ended, as the member that he is.
func (c Change) submitter(ctx context.Context, tx storage.Tx, e audit.Event) ([]Told, error) {
	r, err := tx.Case(ctx, id.Request{UUID: c.Object.ID})
	if err != nil || r.Submitter == "" || r.Submitter == r.Decider {
		return nil, err
	}
	for _, w := range []id.Workspace{r.Workspace, r.Tenant} {
		found, err := tx.Members(ctx, member.Query{
			Workspace: w, Account: r.Submitter, Statuses: []member.Status{member.StatusActive, member.StatusInactive}, Now: e.At, Limit: 1,
		})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return []Told{toldOf(found[0])}, nil
		}
	}
	return []Told{{Account: r.Submitter}}, nil
}

// admins are the active admins of a mini program's workspace, but for the one who
// acts.
func (c Change) admins(ctx context.Context, tx storage.Tx, e audit.Event) (all []Told, err error) {
	for after := (id.Member{}); ; {
		admins, err := tx.Admins(ctx, c.Workspace, after, page.MaxSize)
		if err != nil {
			return nil, err
		}
		for _, a := range admins {
			m, err := tx.Member(ctx, a.Member)
			if err != nil {
				return nil, err
			}
			if e.System || string(m.Account) != c.Personal.Actor {
				all = append(all, toldOf(m))
			}
			after = a.Member
		}
		if len(admins) < page.MaxSize {
			return all, nil
		}
	}
}

// formerAdmins are those who were active admins of a workspace until it was removed.
func (c Change) formerAdmins(before []Change) (all []Told, err error) {
	for _, d := range before {
		if d.Workspace != c.Workspace || d.Verb != member.EventDeleted {
			continue
		}
		was, err := state[member.Snapshot](d.Data.Before)
		if err != nil {
			return nil, err
		}
		if info, _ := was.Role.Info(); was.State != member.Active || !info.Admin {
			continue
		}
		person, err := d.person(d.Personal.Before)
		if err != nil {
			return nil, err
		}
		all = append(all, person...)
	}
	return all, nil
}
