package approval

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/rbac"
)

// A Matter is what a request is about, as things stand now. A new kind of request
// is one type with these two methods, and a [Spec] that the platform is built
// with.
type Matter interface {
	// Digest is that of everything that is reviewed. A request whose own is another
	// is void: it cannot be approved.
	Digest() [32]byte
	// End makes the end of the request take effect, in the same unit: r has its new
	// status, decider and answer.
	End(ctx context.Context, r Request) error
}

// A Spec says how requests of a kind are handled.
type Spec struct {
	// Decide is the permission, on the request, to decide it; 0 leaves it to the
	// platform operator alone.
	Decide rbac.Permission
	// Submit is the permission, on the request, that submitting took: its holders
	// see and withdraw the request as well. 0 for none.
	Submit rbac.Permission
	// Load reads what the request is about, in the unit that is to end it.
	Load func(ctx context.Context, tx Tx, actor rbac.Actor, r Request, now time.Time) (Matter, error)
}
