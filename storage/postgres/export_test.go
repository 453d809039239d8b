package postgres

// BeginRead and PlanAnew are those of the dialect.
var BeginRead, PlanAnew = dialect(Options{}).BeginRead[0], dialect(Options{}).PlanAnew
