package qrcode_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/xml"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// A drawing is what a reader of SVG or PDF draws on: just as much of both as the
// package writes.
type drawing struct {
	t   testing.TB
	img *image.RGBA
	// path has operators with their points, at most three each.
	path []step
	// by is the present matrix: x' = ax + cy + e, y' = bx + dy + f.
	by  [6]float64
	ink color.Color
}

type step struct {
	op byte
	p  []float32
}

func newDrawing(t testing.TB, w, h int) *drawing {
	return &drawing{t, image.NewRGBA(image.Rect(0, 0, w, h)), nil, [6]float64{1, 0, 0, 1, 0, 0}, color.Black}
}

// times puts another matrix before the present one.
func (d *drawing) times(m [6]float64) {
	b := d.by
	d.by = [6]float64{
		m[0]*b[0] + m[1]*b[2], m[0]*b[1] + m[1]*b[3], m[2]*b[0] + m[3]*b[2], m[2]*b[1] + m[3]*b[3],
		m[4]*b[0] + m[5]*b[2] + b[4], m[4]*b[1] + m[5]*b[3] + b[5],
	}
}

func (d *drawing) at(x, y float64) (float32, float32) {
	return float32(d.by[0]*x + d.by[2]*y + d.by[4]), float32(d.by[1]*x + d.by[3]*y + d.by[5])
}

// way adds to the path by an operator of SVG, whose points are absolute.
func (d *drawing) way(op byte, p ...float64) {
	var q []float32
	for ; len(p) > 0; p = p[2:] {
		x, y := d.at(p[0], p[1])
		q = append(q, x, y)
	}
	d.path = append(d.path, step{op, q})
}

// fill draws the path, on as small a part of the picture as possible.
func (d *drawing) fill() {
	var box image.Rectangle
	for _, s := range d.path {
		for i := 0; i < len(s.p); i += 2 {
			x, y := int(s.p[i]), int(s.p[i+1])
			box = box.Union(image.Rect(x-1, y-1, x+2, y+2))
		}
	}
	box = box.Intersect(d.img.Rect)
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, s := range d.path {
		q := make([]float32, len(s.p))
		for i := range q {
			q[i] = s.p[i] - float32([...]int{box.Min.X, box.Min.Y}[i%2])
		}
		switch s.op {
		case 'M':
			z.ClosePath()
			z.MoveTo(q[0], q[1])
		case 'L':
			z.LineTo(q[0], q[1])
		case 'Q':
			z.QuadTo(q[0], q[1], q[2], q[3])
		case 'C':
			z.CubeTo(q[0], q[1], q[2], q[3], q[4], q[5])
		case 'z':
			z.ClosePath()
		default:
			require.Failf(d.t, "unknown operator", "%q", s.op)
		}
	}
	z.ClosePath()
	z.Draw(d.img, box, image.NewUniform(d.ink), image.Point{})
	d.path = nil
}

// put draws a picture into the unit square, whose upper edge is at y.
func (d *drawing) put(img image.Image, x, y, w, h float64) {
	x0, y0 := d.at(x, y)
	x1, y1 := d.at(x+w, y+h)
	draw.CatmullRom.Scale(d.img, image.Rect(int(x0), int(y0), int(x1), int(y1)), img, img.Bounds(), draw.Over, nil)
}

func parseColour(t testing.TB, s string) color.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	require.NoError(t, err)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

func number(t testing.TB, s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return n
}

// readSVG draws an SVG file, and returns its title too.
func readSVG(t testing.TB, file []byte) (img *image.RGBA, title string) {
	var d *drawing
	in := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := in.Token()
		if err == io.EOF {
			return d.img, title
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok {
			title += strings.TrimSpace(string(text))
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		a := map[string]string{}
		for _, x := range e.Attr {
			a[x.Name.Local] = x.Value
		}
		of := func(name string) float64 { return number(t, a[name]) }
		switch e.Name.Local {
		case "svg":
			require.Equal(t, "0 0 "+a["width"]+" "+a["height"], a["viewBox"])
			d = newDrawing(t, int(of("width")), int(of("height")))
		case "title":
		case "path":
			d.by, d.ink = [6]float64{1, 0, 0, 1, 0, 0}, parseColour(t, a["fill"])
			if m := regexp.MustCompile(`^translate\((\d+) (\d+)\)scale\((\d+)\)$`).FindStringSubmatch(a["transform"]); m != nil {
				d.by = [6]float64{number(t, m[3]), 0, 0, number(t, m[3]), number(t, m[1]), number(t, m[2])}
			} else {
				require.Empty(t, a["transform"])
			}
			d.svgPath(a["d"])
		case "image":
			d.by = [6]float64{1, 0, 0, 1, 0, 0}
			_, data, ok := strings.Cut(a["href"], ";base64,")
			require.True(t, ok)
			raw, err := base64.StdEncoding.DecodeString(data)
			require.NoError(t, err)
			logo, kind, err := image.Decode(bytes.NewReader(raw))
			require.NoError(t, err)
			require.Equal(t, "data:image/"+kind, strings.TrimSuffix(a["href"], ";base64,"+data))
			d.put(logo, of("x"), of("y"), of("width"), of("height"))
		default:
			require.Failf(t, "unknown element", "%s", e.Name.Local)
		}
	}
}

func (d *drawing) svgPath(s string) {
	var x, y float64
	for _, m := range regexp.MustCompile(`([A-Za-z])([^A-Za-z]*)`).FindAllStringSubmatch(s, -1) {
		var p []float64
		for _, n := range strings.Fields(m[2]) {
			p = append(p, number(d.t, n))
		}
		switch m[1][0] {
		case 'h':
			p = []float64{x + p[0], y}
			m[1] = "L"
		case 'H':
			p = []float64{p[0], y}
			m[1] = "L"
		case 'v':
			p = []float64{x, y + p[0]}
			m[1] = "L"
		}
		d.way(m[1][0], p...)
		if len(p) > 0 {
			x, y = p[len(p)-2], p[len(p)-1]
		}
	}
	d.fill()
}

// A pdf is a PDF file that was read.
type pdf struct {
	t       testing.TB
	objects map[string][]byte
	pages   []string
}

// readPDF finds the objects by the table at the end, and checks that the table is
// right.
func readPDF(t testing.TB, file []byte) pdf {
	require.True(t, bytes.HasPrefix(file, []byte("%PDF-1.4\n")))
	m := regexp.MustCompile(`(?s)startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	require.NotNil(t, m)
	table := strings.Split(string(file[int(number(t, string(m[1]))):]), "\n")
	require.Equal(t, "xref", table[0])
	r := pdf{t, map[string][]byte{}, nil}
	for i, line := range table[3:] {
		if line == "trailer" {
			require.Equal(t, "0 "+strconv.Itoa(i+1), table[1])
			require.Equal(t, "<</Size "+strconv.Itoa(i+1)+"/Root 1 0 R>>", table[i+4])
			break
		}
		require.Len(t, line, 19, "with its line feed 20 bytes, as the standard wants")
		name := strconv.Itoa(i + 1)
		body, ok := bytes.CutPrefix(file[int(number(t, line[:10])):], []byte(name+" 0 obj\n"))
		require.True(t, ok, "object %s", name)
		r.objects[name] = body[:bytes.Index(body, []byte("\nendobj\n"))]
	}
	kids := regexp.MustCompile(`Kids\[(.*)\]/Count (\d+)`).FindSubmatch(r.objects["2"])
	for _, k := range regexp.MustCompile(`(\d+) 0 R`).FindAllSubmatch(kids[1], -1) {
		r.pages = append(r.pages, string(k[1]))
	}
	require.Equal(t, strconv.Itoa(len(r.pages)), string(kids[2]))
	return r
}

// entry returns an entry of an object.
func (r pdf) entry(object, key string) string {
	m := regexp.MustCompile(`^<<.*?/` + key + `[ /]?(\[.*?\]|[^/>]+)`).FindSubmatch(r.objects[object])
	if m == nil {
		return ""
	}
	return string(m[1])
}

func (r pdf) stream(object string) []byte {
	_, raw, ok := bytes.Cut(r.objects[object], []byte(">>\nstream\n"))
	require.True(r.t, ok)
	raw = bytes.TrimSuffix(raw, []byte("\nendstream"))
	require.Equal(r.t, r.entry(object, "Length"), strconv.Itoa(len(raw)))
	z, err := zlib.NewReader(bytes.NewReader(raw))
	require.NoError(r.t, err)
	data, err := io.ReadAll(z)
	require.NoError(r.t, err)
	return data
}

// page draws a page, so many pixels for a point.
func (r pdf) page(i int, zoom float64) *image.RGBA {
	t := r.t
	box := strings.Fields(strings.Trim(r.entry(r.pages[i], "MediaBox"), "[]"))
	w, h := number(t, box[2])*zoom, number(t, box[3])*zoom
	d := newDrawing(t, int(w+0.5), int(h+0.5))
	d.by = [6]float64{zoom, 0, 0, -zoom, 0, h}
	var saved [][6]float64
	var args []float64
	content, _, _ := strings.Cut(r.entry(r.pages[i], "Contents"), " ")
	var name string
	for _, word := range strings.Fields(string(r.stream(content))) {
		if n, err := strconv.ParseFloat(word, 64); err == nil {
			args = append(args, n)
			continue
		}
		switch word {
		case "q":
			saved = append(saved, d.by)
		case "Q":
			d.by, saved = saved[len(saved)-1], saved[:len(saved)-1]
		case "cm":
			d.times([6]float64(args))
		case "rg":
			d.ink = color.RGBA{uint8(args[0]*255 + .5), uint8(args[1]*255 + .5), uint8(args[2]*255 + .5), 255}
		case "re":
			d.way('M', args[0], args[1])
			d.way('L', args[0]+args[2], args[1])
			d.way('L', args[0]+args[2], args[1]+args[3])
			d.way('L', args[0], args[1]+args[3])
		case "m", "l", "c":
			d.way(strings.ToUpper(word)[0], args...)
		case "h":
			d.way('z')
		case "f":
			d.fill()
		case "Do":
			require.Contains(t, string(r.objects[r.pages[i]]), "/"+name+" "+name[1:]+" 0 R")
			d.put(r.picture(name[1:]), 0, 1, 1, -1)
		default:
			require.Equal(t, "/X", word[:2])
			name = word[1:]
		}
		args = nil
	}
	require.Empty(t, saved)
	return d.img
}

// picture returns an image object with its mask.
func (r pdf) picture(object string) image.Image {
	w, h := int(number(r.t, r.entry(object, "Width"))), int(number(r.t, r.entry(object, "Height")))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	data := r.stream(object)
	require.Len(r.t, data, 3*w*h)
	var alpha []byte
	if mask, _, ok := strings.Cut(r.entry(object, "SMask"), " "); ok {
		alpha = r.stream(mask)
		require.Len(r.t, alpha, w*h)
	}
	for i := range w * h {
		copy(img.Pix[4*i:], data[3*i:3*i+3])
		img.Pix[4*i+3] = 255
		if alpha != nil {
			img.Pix[4*i+3] = alpha[i]
		}
	}
	return img
}

// readText draws what a terminal shows, a module in so many pixels. What has no
// colours of its own is black on white.
func readText(t testing.TB, text []byte, scale int) *image.RGBA {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	escape := regexp.MustCompile("\x1b\\[([0-9;]*)m")
	colour := func(s string) color.Color {
		switch p := strings.Split(s, ";"); {
		case s == "5;16":
			return color.Black
		case s == "5;231":
			return color.White
		default:
			require.Len(t, p, 4)
			return color.RGBA{uint8(number(t, p[1])), uint8(number(t, p[2])), uint8(number(t, p[3])), 255}
		}
	}
	width := len([]rune(escape.ReplaceAllString(lines[0], "")))
	img := image.NewRGBA(image.Rect(0, 0, width*scale, 2*len(lines)*scale))
	for row, line := range lines {
		var ink, ground color.Color = color.Black, color.White
		if codes := escape.FindAllStringSubmatch(line, -1); codes != nil {
			require.Len(t, codes, 2)
			require.Equal(t, "0", codes[1][1])
			m := regexp.MustCompile(`^38;(.*);48;(.*)$`).FindStringSubmatch(codes[0][1])
			ink, ground = colour(m[1]), colour(m[2])
		}
		cells := []rune(escape.ReplaceAllString(line, ""))
		for x, c := range cells {
			for half := range 2 {
				k := ground
				if c == '█' || c == []rune("▀▄")[half] {
					k = ink
				}
				draw.Draw(img, image.Rect(x*scale, (2*row+half)*scale, (x+1)*scale, (2*row+half+1)*scale), image.NewUniform(k), image.Point{}, draw.Src)
			}
		}
	}
	return img
}
