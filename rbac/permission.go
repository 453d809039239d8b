package rbac

import (
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// A Permission is something that may be allowed. The built-in ones are
// constants, named by what is done: "version.upload" is [UploadVersion]. Inside
// the library permissions are numbers; names are read and printed at the edge,
// and only names may be stored.
type Permission uint8

// FirstHostPermission is the first number a host may use for permissions of
// its own, up to 127:
//
//	const (
//		ManageLoyalty = rbac.FirstHostPermission + iota
//		ViewLoyalty
//	)
//
// [Matrix.With] gives them names and cells. [Permission.String] does not know
// those names: print a [Decision], or ask [Matrix.Name].
const FirstHostPermission Permission = 64

const lastPermission Permission = 127

// A Need is what a permission asks of the state of the workspace that owns the
// object, and of its tenant (W1, W6).
type Need uint8

// The needs, from the least to the most.
const (
	// NeedNothing: granted in every state; the audit trail stays readable.
	NeedNothing Need = iota + 1
	// NeedPresent: for looking; refused once the workspace is removed.
	NeedPresent
	// NeedEnabled: for managing; refused in a disabled workspace as well.
	NeedEnabled
	// NeedVerified: for creating, changing and releasing what users see;
	// refused unless the workspace is verified.
	NeedVerified
)

var needNames = [...]string{"", "nothing", "present", "enabled", "verified"}

// String returns the stable name of the need: what the workspace has to be.
func (n Need) String() string {
	if int(n) >= len(needNames) {
		return "?"
	}
	return needNames[n]
}

// need returns what a permission asks of its workspace unless told otherwise.
func need(p Permission, name string) Need {
	switch p {
	case ViewAudit:
		return NeedNothing
	case OwnApproval:
		return NeedPresent
	case CreateMiniProgram, EditMiniProgram, UploadVersion, EditVersionNote, SubmitVersion,
		ReleaseVersion, AttachFeature, ManageFeatureCatalog, ManageQRCode, EditConfiguration:
		return NeedVerified
	}
	if strings.HasSuffix(name, ".view") {
		return NeedPresent
	}
	return NeedEnabled
}

// ErrPermission is the error for an unknown permission.
var ErrPermission = fault.Define(fault.ErrInvalid, "rbac.permission", "unknown permission")

// ParsePermission returns the built-in permission of that name, or an error that
// is [ErrPermission] and says what was given and which name is near.
// [Matrix.ParsePermission] knows the host's own as well.
func ParsePermission(name string) (Permission, error) { return builtIn.ParsePermission(name) }

// Name returns the name of a built-in permission, "" for any other;
// [Matrix.Name] knows the host's own as well.
func (p Permission) Name() string { return builtIn.Name(p) }

// String returns the name of a built-in permission, or "permission(n)".
func (p Permission) String() string { return builtIn.label(p) }

// MarshalText returns the name of a built-in permission; [ErrPermission] for any
// other: a host's own have no name without the matrix.
func (p Permission) MarshalText() ([]byte, error) {
	if n := p.Name(); n != "" {
		return []byte(n), nil
	}
	return nil, unknownNumber(p)
}

// UnmarshalText reads the name of a built-in permission.
func (p *Permission) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePermission(string(text))
	return err
}

// A mask is a set of permissions.
type mask [2]uint64

func (m *mask) add(p Permission)     { m[p>>6] |= 1 << (p & 63) }
func (m mask) has(p Permission) bool { return m[p>>6&1]>>(p&63)&1 == 1 }
