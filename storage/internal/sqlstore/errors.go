package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
)

// A failure is a database's error: it is a sentinel of package storage, its
// text tells the operation and never what the driver said, and the driver's
// error is found by errors.As.
type failure struct {
	kind  *fault.Error
	op    string
	cause error
}

func (f *failure) Error() string { return f.kind.Error() + ": " + f.op }

func (f *failure) Unwrap() []error { return []error{f.kind, f.cause} }

// Failure is a failed operation outside the statements of a store, such as
// opening it.
func Failure(op string, cause error) error {
	return &failure{kind: storage.ErrFailed, op: op, cause: cause}
}

// errDangling is the error for an object that belongs to one that is not there.
var errDangling = fmt.Errorf("the object it belongs to is not stored: %w", fault.ErrNotFound)

// fail makes of an error of a session what the store answers with.
func (c *core) fail(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if fault.KindOf(err) != 0 {
		return err
	}
	class, detail := c.dialect.Classify(err)
	if gone := ctx.Err(); gone != nil {
		if class == Busy {
			return outOfTime(op, gone)
		}
		return gone
	}
	switch class {
	case Duplicate:
		return duplicate(detail)
	case Dangling:
		return errDangling
	case Busy:
		return &failure{storage.ErrBusy, op, err}
	case NoTable:
		return &failure{storage.ErrSchemaMissing, op, err}
	}
	c.log.LogAttrs(ctx, slog.LevelError, "the database failed", slog.String("operation", op), slog.String("cause", err.Error()))
	return Failure(op, err)
}

// outOfTime is the error for who waited for others until his context ended: a
// deadline that passed is storage.ErrBusy as well.
func outOfTime(op string, gone error) error {
	if errors.Is(gone, context.DeadlineExceeded) {
		return &failure{storage.ErrBusy, op, gone}
	}
	return gone
}

// duplicate tells the unique indexes apart by the column that gives each its
// name.
func duplicate(detail string) error {
	switch {
	case strings.Contains(detail, "open_email"), strings.Contains(detail, "present_account"):
		return member.ErrPresent
	case strings.Contains(detail, "open_name"):
		return miniprogram.ErrNameTaken
	}
	return storage.ErrExists
}

// isBusy reports whether the unit may run again.
func isBusy(err error) bool { return errors.Is(err, storage.ErrBusy) }
