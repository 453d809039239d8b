package storage

import "errors"

// Retryable reports whether a host whose transaction ended with the error may
// run it again as a whole, and should: others were faster ([ErrBusy]), or the
// database has ended the transaction to let others go on ([ErrTxLost]). The
// host rolls back first, and pauses between two runs.
//
// Of the driver's own errors, which the host's statements and its COMMIT give,
// it knows those that tell an SQLSTATE by a method SQLState() string, as
// PostgreSQL's drivers do. For those of other drivers the adapters have a
// Retryable of their own.
//
// [ErrOutcomeUnknown] is not retryable: the transaction may be stored.
func Retryable(err error) bool {
	switch {
	case errors.Is(err, ErrOutcomeUnknown):
		return false
	case errors.Is(err, ErrBusy), errors.Is(err, ErrTxLost):
		return true
	}
	state, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	return ok && (state.SQLState() == "40001" || state.SQLState() == "40P01")
}
