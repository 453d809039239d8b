package role

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Service makes, edits and lists own roles. Members get one as they get a
// built-in role: by member.Service. It is safe for concurrent use.
type Service struct {
	store Store
	env   *unit.Env
}

// New returns the service over a store.
func New(store Store, env *unit.Env) *Service { return &Service{store: store, env: env} }

// A Create is a new role.
type Create struct {
	// Code is what members will have as their role, and never changes: a
	// lower-case word of at most 64 bytes, such as "cashier"; not the name of a
	// built-in role, nor the code of another of the workspace.
	Code rbac.Role
	// Edit is the rest.
	Edit
}

// An Edit is a role as it is to be, as a whole.
type Edit struct {
	// Name is what people call it, 1 to 64 characters.
	Name string
	// Assignment says whether members with the role have assigned mini programs
	// (M1). Default: rbac.NoAssignment.
	Assignment rbac.Assignment
	// Cells are the permissions that it grants, with their scopes. A merchant's
	// reaches its workspace at most; rbac.Assigned is for roles with assigned mini
	// programs, and for those that may be on teams, since they hold
	// version.upload (P5). Permissions are independent: version.upload alone does
	// not show the mini program.
	Cells map[rbac.Permission]rbac.Scope
	// Revision, if it is not 0, is the one that the edit starts from: another one
	// is refused with [ErrRevision]. It means nothing for a new role.
	Revision int
}

// Create makes an own role of a workspace, which nobody holds yet. The caller
// needs role.manage there, and must hold himself, that far, what the role grants
// (M12). Errors: *fault.InvalidError; [ErrCodeTaken], as the second time;
// [ErrTooMany]; a *[CeilingError]; workspace.ErrNotFound.
func (s *Service) Create(ctx context.Context, actor rbac.Actor, w id.Workspace, c Create) (made Role, err error) {
	defer fault.Wrap(&err, "role: create")
	var p fault.Problems
	checkCode(&p, c.Code)
	name, cells := checkEdit(&p, s.env.Matrix, c.Edit)
	if err := p.Err(); err != nil {
		return made, err
	}
	newID := id.Role{UUID: s.env.NewID()}
	on := rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.ManageRole, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		there, err := tx.Roles(ctx, w)
		if err != nil {
			return err
		}
		for _, r := range there {
			if r.Code == c.Code {
				return ErrCodeTaken
			}
		}
		if len(there) >= MaxRoles {
			return ErrTooMany
		}
		now := s.env.Now()
		after := Role{ID: newID, Workspace: w, Tenant: facts.Tenant, Code: c.Code, Revision: 1, CreatedAt: now, UpdatedAt: now}
		after = after.edited(s.env.Matrix, c.Edit, name, cells)
		if err := s.sound(actor, facts, after); err != nil {
			return err
		}
		made = after
		return save(ctx, tx, actor, EventCreated, nil, after)
	})
	if err != nil {
		return Role{}, err
	}
	return made, nil
}

// Edit changes an own role as a whole; it holds from the commit on, for everybody
// who has the role. What the platform's matrix does not know stays. The same edit
// a second time changes nothing. The caller needs role.manage, and must hold
// himself what the role grants, before and after (M12).
//
// While somebody holds the role, its assignment stays, and whether it may be on
// teams: whoever has it would hold what it cannot have, or lack what it needs.
//
// Errors: *fault.InvalidError; a *[CeilingError]; an *[InUseError] for such a
// change; [ErrRevision]; [ErrNotFound].
func (s *Service) Edit(ctx context.Context, actor rbac.Actor, r id.Role, e Edit) (after Role, err error) {
	defer fault.Wrap(&err, "role: edit")
	err = s.store.Update(ctx, unit.On(actor, rbac.OnRole(r)), func(ctx context.Context, tx Tx) error {
		before, next, err := s.decide(ctx, tx, actor, r, e)
		if err != nil {
			return err
		}
		after = next
		if next.same(before) {
			return nil
		}
		return save(ctx, tx, actor, EventEdited, before, next)
	})
	if err != nil {
		return Role{}, err
	}
	return after, nil
}

// Delete deletes an own role that nobody holds: expired invitations and links that
// are not usable do not hold it, and cannot be sent or renewed once it is gone. Its
// code is free again. The caller needs role.manage. Errors: an *[InUseError] while
// active or blocked members, open invitations or usable links have it; [ErrNotFound],
// as the second time.
func (s *Service) Delete(ctx context.Context, actor rbac.Actor, r id.Role) (err error) {
	defer fault.Wrap(&err, "role: delete")
	on := rbac.OnRole(r)
	return s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageRole, on, ErrNotFound); err != nil {
			return err
		}
		before, err := tx.Role(ctx, r)
		if err != nil {
			return err
		}
		now := s.env.Now()
		if err := inUse(ctx, tx, before, now); err != nil {
			return err
		}
		if err := tx.DeleteRole(ctx, r); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: before.Workspace, Verb: EventDeleted, Object: on, Actor: actor, At: now, Before: before,
		})
	})
}

// Get returns an own role. The caller needs member.view in its workspace.
// [ErrNotFound] for anyone who is in neither the workspace nor its tenant.
func (s *Service) Get(ctx context.Context, actor rbac.Actor, r id.Role) (found Role, err error) {
	defer fault.Wrap(&err, "role: get")
	err = s.store.View(ctx, func(ctx context.Context, rd Reader) error {
		if _, err := s.env.Authorize(ctx, rd, actor, rbac.ViewMember, rbac.OnRole(r), ErrNotFound); err != nil {
			return err
		}
		found, err = rd.Role(ctx, r)
		return err
	})
	return found, err
}

// List returns the own roles of a workspace, in the order of their codes: at most
// [MaxRoles], so there are no pages. The caller needs member.view there;
// workspace.ErrNotFound if he has no place from which he could know of it.
func (s *Service) List(ctx context.Context, actor rbac.Actor, w id.Workspace) (list []Role, err error) {
	defer fault.Wrap(&err, "role: list")
	err = s.store.View(ctx, func(ctx context.Context, rd Reader) error {
		if _, err := s.env.Authorize(ctx, rd, actor, rbac.ViewMember, rbac.OnWorkspace(w), workspace.ErrNotFound); err != nil {
			return err
		}
		list, err = rd.Roles(ctx, w)
		return err
	})
	return list, err
}

// save stores a role and reports it; before is nil for a new one.
func save(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, before audit.Snapshot, r Role) error {
	if err := tx.PutRole(ctx, r); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: r.Workspace, Verb: verb, Object: rbac.OnRole(r.ID), Actor: actor, At: r.UpdatedAt, Before: before, After: r,
	})
}
