package page_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/page"
)

// numbers lists 0 to n-1, at most two a page.
func numbers(n int) func(page.Request) (page.Page[int], error) {
	return func(r page.Request) (page.Page[int], error) {
		after, err := page.Decode("numbers", r.After)
		if err != nil {
			return page.Page[int]{}, err
		}
		first := 0
		if after != nil {
			first = int(after[0]) + 1
		}
		var items []int
		for i := first; i < min(n, first+3); i++ {
			items = append(items, i)
		}
		return page.Cut("numbers", items, 2, func(i int) []byte { return []byte{byte(i)} }), nil
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		var got []int
		for i, err := range page.Walk(numbers(n)) {
			require.NoError(t, err)
			got = append(got, i)
		}
		require.Equal(t, slices.Collect(func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		}), got)
	}
	t.Run("stops at an error", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		calls := 0
		for _, err := range page.Walk(func(page.Request) (page.Page[int], error) {
			calls++
			return page.Page[int]{}, broken
		}) {
			require.ErrorIs(t, err, broken)
		}
		require.Equal(t, 1, calls)
		got, err := page.Collect(page.Walk(func(page.Request) (page.Page[int], error) { return page.Page[int]{}, broken }))
		require.ErrorIs(t, err, broken)
		require.Empty(t, got)
	})
	t.Run("reads no page that is not wanted", func(t *testing.T) {
		t.Parallel()
		calls := 0
		list := numbers(5)
		for range page.Walk(func(r page.Request) (page.Page[int], error) { calls++; return list(r) }) {
			break
		}
		require.Equal(t, 1, calls)
	})
}

func ExampleWalk() {
	for i, err := range page.Walk(numbers(3)) {
		if err != nil {
			return
		}
		fmt.Println(i)
	}
	// Output:
	// 0
	// 1
	// 2
}

func TestAllPassesItsArgumentsOn(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, 1)
	list := func(ctx context.Context, who string, n int, r page.Request) (page.Page[int], error) {
		require.NotNil(t, ctx.Value(key{}))
		require.Equal(t, "ada", who)
		return numbers(n)(r)
	}
	got, err := page.Collect(page.All(ctx, list, "ada", 4))
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 3}, got)
}
