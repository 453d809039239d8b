package page_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/page"
)

func TestByIDLimits(t *testing.T) {
	t.Parallel()
	limit, _, err := page.Request{Size: 7}.ByID("members")
	require.NoError(t, err)
	require.Equal(t, 7, limit)
	_, _, err = page.Request{Size: page.MaxSize + 1}.ByID("members")
	require.ErrorIs(t, err, fault.ErrInvalid)
}
