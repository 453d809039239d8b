package rbac

import (
	"encoding/json"
	"strings"
)

// String says in one sentence what was decided and why, and for a denial what
// would allow it. It names roles, never people; for somebody who is no member
// it is the same whether or not the object exists (S4).
func (d Decision) String() string {
	if d.matrix == nil {
		return "nothing decided"
	}
	if d.Allowed {
		return d.Name() + " allowed: " + d.Why()
	}
	why := d.Name() + " denied: " + d.Why()
	if !d.matrix.Known(d.Permission) || d.system && d.Reason == NoMembership {
		return why
	}
	return why + "; " + d.Remedy().String()
}

// Name returns the name of the permission, the host's own included.
func (d Decision) Name() string {
	if d.matrix == nil {
		return d.Permission.String()
	}
	return d.matrix.label(d.Permission)
}

// Why says what granted or denied it, without the permission and the remedy.
func (d Decision) Why() string {
	switch {
	case d.matrix == nil:
		return "nothing decided"
	case d.Allowed:
		return d.grounds()
	}
	return d.obstacle()
}

// MarshalJSON returns an object with allowed, permission, reason, why and, for
// a denial, remedy: what an API may show to the caller.
func (d Decision) MarshalJSON() ([]byte, error) {
	out := struct {
		Allowed    bool   `json:"allowed"`
		Permission string `json:"permission"`
		Reason     Reason `json:"reason"`
		Why        string `json:"why"`
		Remedy     string `json:"remedy,omitempty"`
	}{d.Allowed, d.Name(), d.Reason, d.Why(), ""}
	if !d.Allowed && d.matrix != nil {
		out.Remedy = d.Remedy().String()
	}
	return json.Marshal(out)
}

var reachWords = [...]string{
	Own:         "on what the caller created",
	Assigned:    "on assigned mini programs",
	InWorkspace: "in the whole workspace",
	InTenant:    "in the whole tenant",
}

// grounds says what granted it.
func (d Decision) grounds() string {
	role := string(d.Granting())
	switch d.Reason {
	case GrantedByTeamRole:
		return "team role " + role + " grants it on this mini program"
	case GrantedByTenantRole:
		return "tenant role " + role + " grants it " + reachWords[d.Scope]
	case GrantedToSystem:
		return "the platform operator holds every permission"
	}
	return "role " + role + " grants it " + reachWords[d.Scope]
}

// obstacle says what denied it.
func (d Decision) obstacle() string {
	switch d.Reason {
	case NoMembership:
		if d.system {
			return "no such object"
		}
		return "not a member of the workspace or its tenant, or no such object"
	case MemberBlocked:
		return "the member is blocked"
	case WorkspaceState:
		return d.closed()
	case OutOfScope:
		return d.outOfScope()
	}
	if !d.matrix.Known(d.Permission) || d.system && d.Reason == NoMembership {
		return "the matrix has no such permission"
	}
	switch held := d.held(); len(held) {
	case 0:
		return "no role is held"
	case 1:
		return "the role " + held[0] + " does not grant it"
	default:
		return "the roles " + strings.Join(held, ", ") + " do not grant it"
	}
}

// outOfScope names the role that grants it elsewhere.
func (d Decision) outOfScope() string {
	for _, r := range d.facts.roles() {
		if s := d.matrix.cellOf(r, d.Permission); s != None {
			return "the role " + string(r.name()) + " grants it " + reachWords[s] + ", not here"
		}
	}
	return "no role reaches the object"
}

// closed names the workspace whose state does not let it through.
func (d Decision) closed() string {
	f := d.facts
	if s := f.TenantStatus; !d.matrix.lets(s, d.Permission) {
		return "the tenant workspace is " + s.String()
	}
	return "the " + placeNames[f.place(false)] + " is " + f.OwnerStatus.String()
}

// held names the roles that count.
func (d Decision) held() []string {
	var names []string
	for _, r := range d.facts.roles() {
		if name := r.name(); name != "" {
			names = append(names, string(name))
		}
	}
	return names
}
