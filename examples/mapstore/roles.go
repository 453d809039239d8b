package mapstore

import (
	"context"
	"maps"
	"math"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
)

// An ownRole is an own role of a workspace with what decisions need of it: made
// once, so that checks compile it once.
type ownRole struct {
	role.Role
	custom *rbac.Custom
}

// role returns the role of a member: a built-in one, an own one, or 0.
func (s *state) role(m member.Member) (rbac.RoleKey, *rbac.Custom) {
	for _, r := range s.roles {
		if r.Workspace == m.Workspace && r.Code == m.Role {
			return rbac.CustomKey, r.custom
		}
	}
	return m.Role.Key(), nil
}

func (r reader) OwnRoles(_ context.Context, w id.Workspace, codes []rbac.Role) (list []*rbac.Custom, _ error) {
	for _, x := range pick(r.state.roles, math.MaxInt, func(x ownRole) bool {
		return x.Workspace == w && in(codes, x.Code)
	}, byRole, same) {
		list = append(list, x.custom)
	}
	return list, nil
}

func (r reader) Role(_ context.Context, key id.Role) (role.Role, error) {
	found, err := get(r.state.roles, key, role.ErrNotFound)
	return cloneRole(found.Role), err
}

func (r reader) Roles(_ context.Context, w id.Workspace) (list []role.Role, _ error) {
	for _, x := range pick(r.state.roles, math.MaxInt, func(x ownRole) bool { return x.Workspace == w }, byRole, same) {
		list = append(list, cloneRole(x.Role))
	}
	return list, nil
}

func (r reader) Holding(_ context.Context, w id.Workspace, code rbac.Role, now time.Time) (h role.Holding, _ error) {
	for _, m := range r.state.members {
		if m.Workspace == w && m.Role == code && m.State.Open() && m.Status(now) != member.StatusExpired {
			h.Members++
		}
	}
	for _, l := range r.state.links {
		if l.Workspace == w && l.Role == code && l.Status(now) == member.LinkUsable {
			h.Links++
		}
	}
	return h, nil
}

func (t *tx) PutRole(_ context.Context, x role.Role) error {
	if old, ok := t.state.roles[x.ID]; ok {
		x.Workspace, x.Tenant, x.Code, x.CreatedAt = old.Workspace, old.Tenant, old.Code, old.CreatedAt
	}
	for _, o := range t.state.roles {
		if o.ID != x.ID && o.Workspace == x.Workspace && o.Code == x.Code {
			return role.ErrCodeTaken
		}
	}
	t.state.roles[x.ID] = ownRole{cloneRole(x), x.Custom()}
	return nil
}

func (t *tx) DeleteRole(_ context.Context, key id.Role) error {
	delete(t.state.roles, key)
	return nil
}

func byRole(a, b ownRole) int { return strings.Compare(string(a.Code), string(b.Code)) }

func cloneRole(r role.Role) role.Role {
	r.Cells = maps.Clone(r.Cells)
	cut(&r.CreatedAt, &r.UpdatedAt)
	return r
}
