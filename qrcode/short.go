package qrcode

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// ShortLength is the number of characters of a short id.
const ShortLength = 12

// alphabet is what short ids are made of: the digits and capital letters without
// I, L, O and U, which are mistaken for others. All of them are in the alphanumeric
// mode of QR codes.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newShort draws a short id of 60 bits from crypto/rand. They cannot be
// enumerated: where a million codes are in use, one guess in 2^40 hits, so that
// somebody who tries a thousand a second finds one in 35 years.
func newShort() string {
	var random [8]byte
	rand.Read(random[:])
	bits := binary.BigEndian.Uint64(random[:])
	var short [ShortLength]byte
	for i := range short {
		short[i] = alphabet[bits%32]
		bits /= 32
	}
	return string(short[:])
}

// parseShort returns the short id that was read or typed: small letters are taken
// for capital ones, and O for 0, I and L for 1. ok is false for what is none.
func parseShort(typed string) (short string, ok bool) {
	if len(typed) != ShortLength {
		return "", false
	}
	read := []byte(typed)
	for i, c := range read {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		switch c {
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if strings.IndexByte(alphabet, c) < 0 {
			return "", false
		}
		read[i] = c
	}
	return string(read), true
}

// checkShort returns what is wrong with the address where short links begin.
func checkShort(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(base, "?#") ||
		!strings.HasSuffix(base, "/") || !isURI(base) || !strings.EqualFold(u.String(), base) || strings.Contains(u.Host, "%") {
		return fault.Invalid("short", "malformed",
			"an https address in plain ASCII that ends with a slash, without user, query and fragment, such as https://w.example/q/")
	}
	if n := len(base) + ShortLength; n > MaxLink {
		return fault.Invalid("short", "too_long", fmt.Sprintf("at most %d bytes with the %d of the short id, got %d", MaxLink, ShortLength, n))
	}
	return nil
}
