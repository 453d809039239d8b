package member

import (
	"context"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// Ceiling is for the platform's other services: it returns a *[CeilingError] if the
// member holds more in the workspace of the facts than the actor (M12).
func Ceiling(ctx context.Context, env *unit.Env, r Reader, actor rbac.Actor, facts rbac.Facts, m Member) error {
	return (&Service{env: env}).ceiling(ctx, r, actor, facts, m.Role, m.Programs)
}
