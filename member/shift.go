package member

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A Shifted is somebody to whom another matrix would give something, or from whom
// it would take it.
type Shifted struct {
	Member Member
	Status Status
	rbac.Shift
}

// Shifts compares the platform's matrix with another by the members and invited
// people of a workspace who would gain or lose by it (R4); rbac.Diff compares the
// cells. A block is left aside: it tells what the member would have. The caller
// needs member.view in the workspace; the platform operator alone may leave w zero
// and have all workspaces compared. A page looks at as many members as were asked
// for, and shows those of them to whom something changes: it may be empty with
// more to come, so follow Next until it is "". Errors: *fault.InvalidError without
// a matrix; page.Request's; workspace.ErrNotFound.
func (s *Service) Shifts(ctx context.Context, actor rbac.Actor, w id.Workspace, to *rbac.Matrix, req page.Request) (out page.Page[Shifted], err error) {
	defer fault.Wrap(&err, "member: shifts")
	if to == nil {
		return out, fault.Invalid("to", "required", "want a matrix to compare with")
	}
	list := "member.shifts:" + w.String()
	limit, after, err := req.ByID(list)
	if err != nil {
		return out, err
	}
	if w.IsZero() {
		if err := unit.OperatorOnly(actor); err != nil {
			return out, err
		}
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if !w.IsZero() {
			if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewMember, rbac.OnWorkspace(w), workspace.ErrNotFound); err != nil {
				return err
			}
		}
		now := s.env.Now()
		rows, err := r.Members(ctx, Query{Workspace: w, Statuses: shown, Now: now, After: id.Member{UUID: after}, Limit: limit + 1})
		if err != nil {
			return err
		}
		cut := page.Cut(list, rows, limit, func(m Member) []byte { return m.ID.Bytes() })
		out = page.Page[Shifted]{Next: cut.Next}
		roles := ownForms{r: r, of: map[id.Workspace][]*rbac.Custom{}}
		for _, m := range cut.Items {
			before, after, err := roles.grants(ctx, m)
			if err != nil {
				return err
			}
			if shift := rbac.ShiftOf(s.env.Matrix, before, to, after); !shift.Empty() {
				out.Items = append(out.Items, Shifted{m, m.Status(now), shift})
			}
		}
		return nil
	})
	if err != nil {
		return page.Page[Shifted]{}, err
	}
	return out, nil
}

// ownForms are the own roles of workspaces, twice: a role stays compiled for the
// matrix that asked last, and two of them ask here in turn.
type ownForms struct {
	r  Reader
	of map[id.Workspace][]*rbac.Custom
}

// grants returns what a member holds, for each of the matrices.
func (o ownForms) grants(ctx context.Context, m Member) (before, after rbac.Grant, err error) {
	if m.Role.Key() != 0 {
		g := grantOf(m, nil)
		return g, g, nil
	}
	if o.of[m.Workspace] == nil {
		own, err := o.r.OwnRoles(ctx, m.Workspace, nil)
		if err != nil {
			return before, after, err
		}
		forms := make([]*rbac.Custom, 0, 2*len(own))
		forms = append(forms, own...)
		for _, c := range own {
			forms = append(forms, rbac.NewCustom(c.Code(), c.Assignment(), c.Cells()))
		}
		o.of[m.Workspace] = forms
	}
	forms := o.of[m.Workspace]
	return grantOf(m, forms[:len(forms)/2]), grantOf(m, forms[len(forms)/2:]), nil
}
