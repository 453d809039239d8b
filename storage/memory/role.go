package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/workspace"
)

// An ownRole is an own role with what decisions need of it, which is made once:
// what the evaluator compiles stays with it.
type ownRole struct {
	role.Role
	custom *rbac.Custom
}

// OwnRoles returns own roles of a workspace as decisions need them.
func (r *reader) OwnRoles(ctx context.Context, w id.Workspace, codes []rbac.Role) ([]*rbac.Custom, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []*rbac.Custom
	for _, key := range r.state.roleCodes.beginning(w.UUID, "", "", id.UUID{}) {
		if x := r.state.roles.get(key); codes == nil || slices.Contains(codes, x.Code) {
			list = append(list, x.custom)
		}
	}
	return list, nil
}

// Role returns one.
func (r *reader) Role(ctx context.Context, key id.Role) (role.Role, error) {
	if err := r.ready(ctx); err != nil {
		return role.Role{}, err
	}
	found := r.state.roles.get(key.UUID)
	if found == nil {
		return role.Role{}, role.ErrNotFound
	}
	return copyRole(found.Role), nil
}

// Roles returns those of a workspace.
func (r *reader) Roles(ctx context.Context, w id.Workspace) ([]role.Role, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []role.Role
	for _, key := range r.state.roleCodes.beginning(w.UUID, "", "", id.UUID{}) {
		list = append(list, copyRole(r.state.roles.get(key).Role))
	}
	return list, nil
}

// Holding counts who holds an own role, and the links that give it.
func (r *reader) Holding(ctx context.Context, w id.Workspace, code rbac.Role, now time.Time) (h role.Holding, err error) {
	if err := r.ready(ctx); err != nil {
		return h, err
	}
	for key := range r.state.membersOf.after(w.UUID, id.UUID{}) {
		if m := r.state.members.get(key); m.Role == code && m.State.Open() && m.Status(now) != member.StatusExpired {
			h.Members++
		}
	}
	for key := range r.state.linksOf.after(w.UUID, id.UUID{}) {
		if l := r.state.links.get(key); l.Role == code && l.Status(now) == member.LinkUsable {
			h.Links++
		}
	}
	return h, nil
}

// PutRole stores an own role, or replaces it.
func (t *tx) PutRole(ctx context.Context, x role.Role) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	s := t.state
	before := s.roles.get(x.ID.UUID)
	switch {
	case x.ID.IsZero():
		return errNoID
	case before != nil:
		x.Workspace, x.Tenant, x.Code, x.CreatedAt = before.Workspace, before.Tenant, before.Code, before.CreatedAt
	case s.workspaces.get(x.Workspace.UUID) == nil:
		return workspace.ErrNotFound
	case !s.roleCodes.first(x.Workspace.UUID, string(x.Code)).IsZero():
		return role.ErrCodeTaken
	default:
		s.roleCodes.add(x.Workspace.UUID, string(x.Code), x.ID.UUID)
	}
	x = copyRole(x)
	x.CreatedAt, x.UpdatedAt = stored(x.CreatedAt), stored(x.UpdatedAt)
	s.roles.put(x.ID.UUID, &ownRole{x, x.Custom()})
	t.changed = append(t.changed, rbac.OnRole(x.ID))
	return nil
}

// DeleteRole deletes an own role, if it is there.
func (t *tx) DeleteRole(ctx context.Context, key id.Role) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.roles.get(key.UUID)
	if before == nil {
		return nil
	}
	t.state.roles.remove(key.UUID)
	t.state.roleCodes.replace(word{before.Workspace.UUID, string(before.Code), key.UUID}, word{})
	t.changed = append(t.changed, rbac.OnRole(key))
	return nil
}

// custom returns the own role with a code, nil if there is none.
func (s *state) custom(w id.Workspace, code rbac.Role) *rbac.Custom {
	if found := s.roles.get(s.roleCodes.first(w.UUID, string(code))); found != nil {
		return found.custom
	}
	return nil
}

// roleOf returns the role of a member: a built-in one, or an own one of his
// workspace.
func (s *state) roleOf(w id.Workspace, name rbac.Role) (rbac.RoleKey, *rbac.Custom) {
	if key := name.Key(); key != 0 {
		return key, nil
	}
	if own := s.custom(w, name); own != nil {
		return rbac.CustomKey, own
	}
	return 0, nil
}

func copyRole(r role.Role) role.Role {
	r.Cells = maps.Clone(r.Cells)
	return r
}
