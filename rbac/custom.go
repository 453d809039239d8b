package rbac

import (
	"encoding/json"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/superapp-go/superapp/fault"
)

// A Custom is a workspace's own role (M15), as far as a decision needs it: its
// code, whether it takes assigned mini programs, and its permissions with their
// scopes, by name. It never changes; an edited role is another Custom.
//
// Names become numbers when a matrix asks for the first time, and only those
// that the matrix has: a permission that this build of the host does not know
// grants nothing in it, and stays with the role.
type Custom struct {
	// matrix is the one that asked first, and column the role in it, which never
	// changes once matrix is there.
	//
	// Why inside, and first: a check of somebody whom nobody has asked about for a
	// while waits for memory, and so it waits for one place instead of three.
	matrix atomic.Pointer[Matrix]
	column column
	// other is the role in the last matrix that asked and is not the first, as to
	// compare two.
	other atomic.Pointer[otherColumn]

	compiling  sync.Mutex
	code       Role
	assignment Assignment
	cells      map[string]Scope
	text       string
}

// A column is a role in a matrix: the scope of each permission.
type column [lastPermission + 1]Scope

type otherColumn struct {
	matrix *Matrix
	column column
}

// ErrCustom is the error for a text that defines no own role.
var ErrCustom = fault.Define(fault.ErrInvalid, "rbac.custom", "not the definition of an own role")

// NewCustom returns a workspace's own role. Cells with [None] are left out.
// Whether the role makes sense is for [Matrix.Misfits] to say.
func NewCustom(code Role, a Assignment, cells map[string]Scope) *Custom {
	c := &Custom{code: code, assignment: a, cells: maps.Clone(cells)}
	maps.DeleteFunc(c.cells, func(_ string, s Scope) bool { return s == None })
	text, _ := json.Marshal(definition{c.code, c.assignment, c.cells})
	c.text = string(text)
	return c
}

// A definition is a role as text.
type definition struct {
	Code       Role             `json:"code"`
	Assignment Assignment       `json:"assignment"`
	Cells      map[string]Scope `json:"cells,omitempty"`
}

// ParseCustom reads a role as [Custom.String] writes it; the error is
// [ErrCustom].
func ParseCustom(text string) (*Custom, error) {
	var d definition
	if err := json.Unmarshal([]byte(text), &d); err != nil || d.Code == "" {
		return nil, ErrCustom
	}
	return NewCustom(d.Code, d.Assignment, d.Cells), nil
}

// String returns everything about the role as one line of JSON, the same for
// equal roles: what a store may keep, and find a role that it has read already
// by.
func (c *Custom) String() string { return c.text }

// MarshalJSON returns [Custom.String].
func (c *Custom) MarshalJSON() ([]byte, error) { return []byte(c.text), nil }

// Code returns the role's name as a member has it.
func (c *Custom) Code() Role { return c.code }

// Assignment says whether the role takes assigned mini programs.
func (c *Custom) Assignment() Assignment { return c.assignment }

// Cells returns a copy of the role's permissions with their scopes, by name.
func (c *Custom) Cells() map[string]Scope { return maps.Clone(c.cells) }

// Scope returns the scope at which the role grants a permission of the matrix,
// [None] if it does not, or if the matrix does not know the permission.
func (c *Custom) Scope(m *Matrix, p Permission) Scope {
	if p > lastPermission {
		return None
	}
	return c.in(m)[p]
}

// Info returns what the rules know of the role in a kind of workspace. It may be
// on teams if it holds version.upload at any scope (P5).
func (c *Custom) Info(m *Matrix, place Place) RoleInfo {
	return RoleInfo{Role: c.code, Place: place, Assignment: c.assignment, Team: c.Scope(m, UploadVersion) != None}
}

// in returns the role in a matrix.
func (c *Custom) in(m *Matrix) *column {
	if c.matrix.Load() == m {
		return &c.column
	}
	return c.compile(m)
}

func (c *Custom) compile(m *Matrix) *column {
	if o := c.other.Load(); o != nil && o.matrix == m {
		return &o.column
	}
	o := &otherColumn{matrix: m}
	for _, p := range m.Permissions() {
		o.column[p] = c.cells[m.rows[p].Name]
	}
	c.compiling.Lock()
	defer c.compiling.Unlock()
	switch c.matrix.Load() {
	case nil:
		c.column = o.column
		c.matrix.Store(m)
		return &c.column
	case m:
		return &c.column
	}
	c.other.Store(o)
	return &o.column
}

// granted returns the scope at which the role grants p on an object that relates
// so to its holder, [None] if it does not.
func (c *Custom) granted(m *Matrix, rel int, p Permission) Scope {
	if s := c.Scope(m, p); s.covers(rel) {
		return s
	}
	return None
}

// A heldRole is a role that counts: a built-in one by its key, or an own one.
type heldRole struct {
	key RoleKey
	own *Custom
}

func (m Membership) held() heldRole { return heldRole{m.Role, m.Custom} }

func (g Grant) held() heldRole { return heldRole{g.Role, g.Custom} }

// name returns the name of the role, "" for none.
func (r heldRole) name() Role {
	if r.own != nil {
		return r.own.code
	}
	return r.key.Role()
}

// cellOf returns the scope of a role's cell, [None] for no role.
func (m *Matrix) cellOf(r heldRole, p Permission) Scope {
	if r.own != nil {
		return r.own.Scope(m, p)
	}
	return m.cell(r.key, p)
}

// Info returns what the rules know of the role of a membership in a kind of
// workspace: zero for a role that there is not.
func (m *Matrix) Info(of Membership, place Place) RoleInfo {
	if of.Custom != nil {
		return of.Custom.Info(m, place)
	}
	info, _ := of.Role.Role().Info()
	return info
}

// Granting returns the name of the role whose cell granted it, an own role's
// included; "" on a denial and for the system.
func (d Decision) Granting() Role {
	switch {
	case d.Role != CustomKey:
		return d.Role.Role()
	case d.Reason == GrantedByTenantRole:
		return d.facts.Above.held().name()
	}
	return d.facts.Home.held().name()
}

// Misfits notes what a role could not hold in a kind of workspace, each under
// the permission's name in cells: a cell must not promise what the evaluator
// would not give. What the matrix does not know is passed over.
func (m *Matrix) Misfits(c *Custom, place Place, bad *fault.Problems) {
	info := c.Info(m, place)
	for _, p := range m.Permissions() {
		if wrong := info.misfit(p, c.Scope(m, p)); wrong != "" {
			bad.Add("cells["+m.Name(p)+"]", "not_allowed", c.Scope(m, p).String()+": "+wrong)
		}
	}
}
