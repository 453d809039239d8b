package memory

import (
	"sync/atomic"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// ownRoles are the own roles as the check index knows them: by references of their
// own. A membership with one holds its reference, so that an edit of a role is
// one pointer to publish, however many people have it. A reference belongs to a
// code of a workspace for good: a role that is made under it again has it again.
type ownRoles struct {
	list atomic.Pointer[[]atomic.Pointer[rbac.Custom]]
	// refs and of are the writer's alone: the references, and which one a role
	// has that may be gone by now.
	refs map[codeOf]uint64
	of   map[id.UUID]uint64
}

type codeOf struct {
	in   id.Workspace
	code rbac.Role
}

func (o *ownRoles) init() {
	o.refs, o.of = make(map[codeOf]uint64), make(map[id.UUID]uint64)
	first := make([]atomic.Pointer[rbac.Custom], firstSize)
	o.list.Store(&first)
}

// at returns the role of a reference, nil if it is gone; for a reference that
// there is not, any role or nil.
func (o *ownRoles) at(ref uint64) *rbac.Custom {
	s := *o.list.Load()
	return s[ref&uint64(len(s)-1)].Load()
}

// ref returns the reference of a code, a new one if there is none.
func (o *ownRoles) ref(w id.Workspace, code rbac.Role) uint64 {
	key := codeOf{w, code}
	if ref := o.refs[key]; ref != 0 {
		return ref
	}
	ref := uint64(len(o.refs) + 1)
	if s := *o.list.Load(); ref == uint64(len(s)) {
		grown := make([]atomic.Pointer[rbac.Custom], 2*len(s))
		for i := range s {
			grown[i].Store(s[i].Load())
		}
		o.list.Store(&grown)
	}
	o.refs[key] = ref
	return ref
}

// set publishes what a role is after a commit, nil for one that is gone.
func (o *ownRoles) set(key id.UUID, now *ownRole) {
	ref := o.of[key]
	if now != nil {
		ref = o.ref(now.Workspace, now.Code)
		o.of[key] = ref
	} else {
		delete(o.of, key)
	}
	if ref == 0 {
		return
	}
	var custom *rbac.Custom
	if now != nil {
		custom = now.custom
	}
	(*o.list.Load())[ref].Store(custom)
}
