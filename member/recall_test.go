package member

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// An asked reader notes whose grants it was asked for, and answers with as many as
// the account has letters.
type asked struct {
	Reader
	of  []id.Account
	err error
}

func (r *asked) Grants(_ context.Context, a id.Account) ([]rbac.Grant, error) {
	r.of = append(r.of, a)
	return make([]rbac.Grant, len(a)), r.err
}

// TestRecallGrants: one account's grants are read once, and are no other's.
func TestRecallGrants(t *testing.T) {
	t.Parallel()
	from := &asked{err: errors.New("no answer")}
	r := recall(from)
	_, err := r.Grants(t.Context(), "dee")
	require.ErrorIs(t, err, from.err)
	from.err = nil
	for _, a := range []id.Account{"dee", "dee", "al", "dee", "al"} {
		grants, err := r.Grants(t.Context(), a)
		require.NoError(t, err)
		require.Len(t, grants, len(a), "those of %s", a)
	}
	require.Equal(t, []id.Account{"dee", "dee", "al", "al"}, from.of, "again after the error, and then whenever it is another")
}
