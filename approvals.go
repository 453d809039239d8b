package superapp

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// kinds says how requests of each kind are handled (V4). A new kind is one more
// line here, and the function that it loads by.
func (p *Platform) kinds() map[approval.Kind]approval.Spec {
	return map[approval.Kind]approval.Spec{
		approval.VersionRelease:     {Decide: rbac.DecideApproval, Submit: rbac.SubmitVersion, Load: load(miniprogram.LoadRelease)},
		approval.Removal:            {Decide: rbac.DecideApproval, Submit: rbac.RemoveMiniProgram, Load: load(miniprogram.LoadRemoval)},
		approval.FeatureActivation:  {Decide: rbac.DecideApproval, Submit: rbac.AttachFeature, Load: load(miniprogram.LoadActivation)},
		approval.DeveloperWorkspace: {Decide: rbac.DecideApproval, Load: load(p.loadApplication)},
		approval.WorkspaceChange:    {Submit: rbac.RequestWorkspaceChange, Load: load(workspace.LoadChange)},
	}
}

// load makes a function that reads what a request is about, in the transaction of
// its own package, one of package approval.
func load[T approval.Tx](fn func(context.Context, T, rbac.Actor, approval.Request, time.Time) (approval.Matter, error)) func(
	context.Context, approval.Tx, rbac.Actor, approval.Request, time.Time) (approval.Matter, error) {
	return func(ctx context.Context, tx approval.Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
		// Why it holds: the platform's transactions are all storage.Tx.
		return fn(ctx, tx.(T), actor, r, now)
	}
}
