package rbac

import (
	"slices"

	"github.com/superapp-go/superapp/id"
)

// Exceeds lists the permissions that somebody with the role and these mini
// programs holds, or would hold, in a workspace beyond what the actor holds
// there: the ceiling of M12, for everything that is granted and for everyone
// who is acted upon. Nil means that nothing does.
//
// The facts are those of the actor on the workspace. The grants are all of the
// actor's; nil is allowed and can only make the answer stricter.
func (m *Matrix) Exceeds(a Actor, f Facts, grants []Grant, role RoleKey, programs []HeldProgram) []Permission {
	return m.exceeds(a, f, grants, heldRole{key: role}, programs)
}

// ExceedsCustom is [Matrix.Exceeds] for a workspace's own role. Without mini
// programs it says what defining the role would give beyond what the actor
// holds: what reaches assigned ones he must hold that far himself.
func (m *Matrix) ExceedsCustom(a Actor, f Facts, grants []Grant, role *Custom, programs []HeldProgram) []Permission {
	return m.exceeds(a, f, grants, heldRole{CustomKey, role}, programs)
}

func (m *Matrix) exceeds(a Actor, f Facts, grants []Grant, role heldRole, programs []HeldProgram) []Permission {
	if a.system {
		return nil
	}
	f = f.For(a)
	mine := holder{matrix: m, actor: a, facts: &f, grants: grants}
	var over []Permission
	for p := range m.rows {
		p := Permission(p)
		if !m.Known(p) {
			continue
		}
		ok := mine.covers(p, m.cellOf(role, p), programs)
		for i, h := range programs {
			if m.cell(h.Team, p) >= Assigned && h.Owner == f.Owner {
				ok = ok && mine.covers(p, Assigned, programs[i:i+1])
			}
		}
		if !ok {
			over = append(over, p)
		}
	}
	return over
}

// A holder is the actor in one workspace.
type holder struct {
	matrix *Matrix
	actor  Actor
	facts  *Facts
	grants []Grant
}

// covers reports whether the holder has p at least at the scope, where
// Assigned means the given mini programs.
func (h holder) covers(p Permission, scope Scope, programs []HeldProgram) bool {
	have := h.scope(p)
	switch scope {
	case None:
		return true
	case Own:
		return have >= Own
	case Assigned:
		if have < Assigned && len(programs) == 0 {
			return false
		}
		return !slices.ContainsFunc(programs, func(hp HeldProgram) bool {
			reached := have == InTenant || have == InWorkspace && hp.Owner == h.facts.Owner
			return !reached && !h.reaches(p, hp.MiniProgram)
		})
	}
	return have >= scope
}

// scope returns the widest scope at which the holder has p in the workspace.
func (h holder) scope(p Permission) Scope {
	widest := None
	if h.facts.Home.Presence == Active {
		widest = h.matrix.cellOf(h.facts.Home.held(), p)
	}
	if h.facts.Above.Presence == Active {
		switch above := h.matrix.cellOf(h.facts.Above.held(), p); above {
		case Own, InTenant: // the scopes that reach down from the tenant
			widest = max(widest, above)
		}
	}
	return widest
}

// reaches reports whether p is held on the mini program by a membership that
// has it, exactly as [Matrix.Decide] would find.
func (h holder) reaches(p Permission, program id.MiniProgram) bool {
	for _, g := range h.grants {
		if g.Presence != Active || !h.actor.counts(g) {
			continue
		}
		for _, hp := range g.Programs {
			if hp.MiniProgram != program {
				continue
			}
			if h.matrix.held(g, hp, p) {
				return true
			}
		}
	}
	return false
}
