package rbac

// String says in one sentence what was decided and why.
func (d Decision) String() string { return d.Reason.String() }
