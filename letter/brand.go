package letter

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"

	"github.com/superapp-go/superapp/fault"
)

// A Brand is how letters look, and who they are from.
type Brand struct {
	// Name stands at the top, and beside the address that letters are from. Default:
	// the name of Options.From.
	Name string
	// Colour is that of the line at the top and of buttons, as #rrggbb; the text on a
	// button is black or white, whichever reads better. Default: #1f5eff.
	Colour string
	// Logo is the https address of a picture to stand in place of Name, at most 40
	// pixels high. Mail programs fetch it, or do not: the name shows then. Default: none.
	Logo string
	// Footer is a line at the end, such as the address of the company. Default: none.
	Footer string
	// Support is the e-mail address or https page for questions. Default: none.
	Support string
}

const defaultColour = "#1f5eff"

var colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// check returns the brand with its defaults, or all that is wrong with it.
func (b Brand) check(name string) (Brand, error) {
	var p fault.Problems
	if b.Name == "" {
		b.Name = name
	}
	if b.Colour == "" {
		b.Colour = defaultColour
	}
	if !colourForm.MatchString(b.Colour) {
		p.Add("brand.colour", "malformed", fmt.Sprintf("want a colour like #1f5eff, got %.20q", b.Colour))
	}
	if b.Logo != "" && !isHTTPS(b.Logo) {
		p.Add("brand.logo", "malformed", "want an https address")
	}
	b.Name, b.Footer, b.Support = clean(b.Name, maxName), clean(b.Footer, maxReason), clean(b.Support, 2*maxName)
	return b, p.Err()
}

// isHTTPS reports whether a text is an https address.
func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && len(s) <= maxLink
}

// isLocal reports whether a text is an http address of this machine, for trying out.
func isLocal(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "http" && u.Hostname() == "localhost" && len(s) <= maxLink
}

// ink returns the colour of text on a ground of the brand's colour: the one of
// black and white that has more contrast (WCAG 2).
func (b Brand) ink() string {
	var lum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(b.Colour[1+2*i:3+2*i], 16, 8)
		lum += weight * linear(float64(n)/255)
	}
	if (lum+0.05)*(lum+0.05) > 1.05*0.05 {
		return "#000000"
	}
	return "#ffffff"
}

// linear undoes the gamma of sRGB.
func linear(c float64) float64 {
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
