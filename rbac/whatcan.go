package rbac

import "context"

// WhatCan answers for every permission of the matrix at once, in its order, what
// the actor may do on an object and why (R4): one reading of the store, and the
// answers of [Access.Explain]. An object that does not exist gives denials. The
// errors are those of [Access.Check].
func (a *Access) WhatCan(ctx context.Context, actor Actor, on Object) ([]Decision, error) {
	all := a.matrix.Permissions()
	if err := a.askable(actor, all[0]); err != nil {
		return nil, err
	}
	f, err := a.store.Facts(ctx, Query{Account: actor.Account(), Object: on})
	if err != nil {
		return nil, err
	}
	decisions := make([]Decision, len(all))
	for i, p := range all {
		decisions[i] = a.matrix.Decide(actor, f, p)
	}
	return decisions, nil
}
