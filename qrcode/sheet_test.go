package qrcode_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
)

// numbered returns so many codes, and then an error if there is one.
func numbered(n int, err error) iter.Seq2[qrcode.Code, error] {
	return func(yield func(qrcode.Code, error) bool) {
		for i := range n {
			if !yield(tableCode(i), nil) {
				return
			}
		}
		if err != nil {
			yield(qrcode.Code{}, err)
		}
	}
}

func tableCode(i int) qrcode.Code {
	return qrcode.Code{Link: fmt.Sprintf("https://x.example/t/%d", i), Definition: qrcode.Definition{Name: fmt.Sprintf("Table %d", i)}}
}

// TestSheet reads every cell of every page.
func TestSheet(t *testing.T) {
	t.Parallel()
	logo := newLogo(t, 40, 40)
	tests := []struct {
		name          string
		sheet         *qrcode.Sheet
		n             int
		columns, rows int
		margin, gap   float64
	}{
		{"default", nil, 13, 3, 4, 10, 5},
		{"a full page", nil, 12, 3, 4, 10, 5},
		{"one", nil, 1, 3, 4, 10, 5},
		{"one to a page", &qrcode.Sheet{Columns: 1, Rows: 1, Margin: -1}, 3, 1, 1, 0, 0},
		{"small", &qrcode.Sheet{Columns: 5, Rows: 5, Margin: 15, Gap: 2}, 27, 5, 5, 15, 2},
		{"with logo, without captions", &qrcode.Sheet{
			Style: &qrcode.Style{Logo: logo, Dark: qrcode.RGB(0, 0, 100)}, Caption: func(qrcode.Code) string { return "" },
		}, 14, 3, 4, 10, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b, again bytes.Buffer
			require.NoError(t, qrcode.WriteSheet(t.Context(), &b, numbered(tt.n, nil), tt.sheet))
			require.NoError(t, qrcode.WriteSheet(t.Context(), &again, numbered(tt.n, nil), tt.sheet))
			require.Equal(t, b.Bytes(), again.Bytes())
			file := readPDF(t, b.Bytes())
			perPage := tt.columns * tt.rows
			require.Len(t, file.pages, (tt.n+perPage-1)/perPage)
			const zoom = 3
			mm := zoom * 72 / 25.4
			for p := range file.pages {
				page := file.page(p, zoom)
				require.InDelta(t, 210*mm, page.Bounds().Dx(), 1)
				require.InDelta(t, 297*mm, page.Bounds().Dy(), 1)
				w := (210 - 2*tt.margin - float64(tt.columns-1)*tt.gap) / float64(tt.columns)
				h := (297 - 2*tt.margin - float64(tt.rows-1)*tt.gap) / float64(tt.rows)
				for i := range perPage {
					x, y := tt.margin+float64(i%tt.columns)*(w+tt.gap), tt.margin+float64(i/tt.columns)*(h+tt.gap)
					cell := page.SubImage(image.Rect(int(x*mm), int(y*mm), int((x+w)*mm), int((y+h)*mm)))
					text, err := tryScanAll(cell)
					if n := p*perPage + i; n < tt.n {
						require.NoError(t, err, "code %d", n)
						require.Equal(t, tableCode(n).Link, text)
					} else {
						require.Error(t, err, "there is no code %d", n)
					}
				}
			}
			if tt.sheet != nil && tt.sheet.Style != nil {
				require.Equal(t, 2, strings.Count(b.String(), "/Subtype/Image"), "the logo and its mask are in the file once")
				require.Equal(t, len(file.pages), strings.Count(b.String(), " 0 R >>>>>>"), "each page names its logo")
				require.NotRegexp(t, `/XObject<<[^>]*R /X`, b.String(), "once")
			}
		})
	}
}

// TestSheetFillsItsCells whatever size the style has.
func TestSheetFillsItsCells(t *testing.T) {
	t.Parallel()
	dense := func(yield func(qrcode.Code, error) bool) {
		yield(qrcode.Code{Link: "https://x.example/" + strings.Repeat("a", 2000)}, nil)
	}
	var files [][]byte
	for _, style := range []*qrcode.Style{nil, {Size: 30}, {Size: 4000}, {Module: 1}} {
		var b bytes.Buffer
		require.NoError(t, qrcode.WriteSheet(t.Context(), &b, dense, &qrcode.Sheet{Style: style}), "0.33 mm a module")
		files = append(files, b.Bytes())
	}
	require.Equal(t, files[0], files[1])
	require.Equal(t, files[0], files[2])
	require.Equal(t, files[0], files[3])
}

func TestSheetThatIsCancelled(t *testing.T) {
	t.Parallel()
	reason := errors.New("the printer is out of paper")
	ctx, cancel := context.WithCancelCause(t.Context())
	var b bytes.Buffer
	err := qrcode.WriteSheet(ctx, &b, func(yield func(qrcode.Code, error) bool) {
		for i := 0; yield(tableCode(i), nil); i++ {
			cancel(reason)
		}
	}, nil)
	require.ErrorIs(t, err, reason)
	require.Zero(t, b.Len())
	require.ErrorIs(t, qrcode.WriteSheet(ctx, &b, numbered(0, nil), nil), reason)
}

func TestSheetRefused(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	tests := []struct {
		name                  string
		codes                 iter.Seq2[qrcode.Code, error]
		sheet                 qrcode.Sheet
		field, reason, detail string
	}{
		{"no codes", numbered(0, nil), qrcode.Sheet{}, "codes", "required", "at least one"},
		{"columns", numbered(1, nil), qrcode.Sheet{Columns: 21}, "columns", "not_allowed", "1 to 20, got 21"},
		{"rows", numbered(1, nil), qrcode.Sheet{Rows: -1}, "rows", "not_allowed", "1 to 30, got -1"},
		{"margin", numbered(1, nil), qrcode.Sheet{Margin: 51}, "margin", "not_allowed", "at most 50 mm, got 51"},
		{"gap", numbered(1, nil), qrcode.Sheet{Gap: math.NaN()}, "gap", "not_allowed", "at most 50 mm, got NaN"},
		{"gaps wider than the page", numbered(1, nil), qrcode.Sheet{Gap: 50, Columns: 20}, "codes[0].sheet", "not_allowed", "would be 0.00 mm wide"},
		{"tiny codes", numbered(1, nil), qrcode.Sheet{Columns: 20, Rows: 30, Gap: 1}, "codes[0].sheet", "not_allowed", "want at least 0.25 mm"},
		{"a caption", func(yield func(qrcode.Code, error) bool) {
			_ = yield(tableCode(0), nil) && yield(qrcode.Code{Link: link, Definition: qrcode.Definition{Name: "桌"}}, nil)
		}, qrcode.Sheet{}, "codes[1].caption", "not_allowed", "U+684C"},
		{"no link", func(yield func(qrcode.Code, error) bool) { yield(qrcode.Code{}, nil) }, qrcode.Sheet{}, "codes[0].link", "required", "link"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			requireProblem(t, qrcode.WriteSheet(t.Context(), &bytes.Buffer{}, tt.codes, &tt.sheet), tt.field, tt.reason, tt.detail)
		})
	}
	err := qrcode.WriteSheet(t.Context(), &bytes.Buffer{}, numbered(20, broken), nil)
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, fault.ErrInvalid)
}

func TestSheetToAWriterThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	var b bytes.Buffer
	small := &qrcode.Sheet{Columns: 1, Rows: 1}
	require.NoError(t, qrcode.WriteSheet(t.Context(), &b, numbered(2, nil), small))
	for left := 0; left < b.Len(); left += 11 {
		err := qrcode.WriteSheet(t.Context(), &limited{left, full}, numbered(2, nil), small)
		require.ErrorIs(t, err, full, "after %d bytes", left)
	}
	// Pages are handed out one by one, and what comes after a failure is not asked
	// for.
	asked := 0
	err := qrcode.WriteSheet(t.Context(), &limited{b.Len() / 2, full}, func(yield func(qrcode.Code, error) bool) {
		for asked < 1000 && yield(tableCode(asked), nil) {
			asked++
		}
	}, small)
	require.ErrorIs(t, err, full)
	require.Less(t, asked, 4)
}
