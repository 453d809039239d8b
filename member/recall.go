package member

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// recall returns a reader for several people or links: what is the same for all of
// them, own roles and the grants of the one account that acts, is read once.
func recall(r Reader) Reader { return &recalling{Reader: r, roles: map[roleOf][]*rbac.Custom{}} }

type roleOf struct {
	in   id.Workspace
	code rbac.Role
}

type recalling struct {
	Reader
	roles map[roleOf][]*rbac.Custom
	// grants are those of account, the first that was asked for.
	grants  []rbac.Grant
	account id.Account
	asked   bool
}

func (r *recalling) OwnRoles(ctx context.Context, w id.Workspace, codes []rbac.Role) (list []*rbac.Custom, err error) {
	if len(codes) != 1 {
		return r.Reader.OwnRoles(ctx, w, codes)
	}
	key := roleOf{w, codes[0]}
	list, known := r.roles[key]
	if !known {
		if list, err = r.Reader.OwnRoles(ctx, w, codes); err == nil {
			r.roles[key] = list
		}
	}
	return list, err
}

func (r *recalling) Grants(ctx context.Context, a id.Account) (_ []rbac.Grant, err error) {
	switch {
	case !r.asked:
		r.grants, err = r.Reader.Grants(ctx, a)
		r.account, r.asked = a, err == nil
	case a != r.account:
		return r.Reader.Grants(ctx, a)
	}
	return r.grants, err
}
