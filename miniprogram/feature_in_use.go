package miniprogram

import (
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// ErrFeatureInUse is what every [FeatureInUseError] is.
var ErrFeatureInUse = fault.Define(fault.ErrState, "miniprogram.feature_in_use", "a version that users get uses the feature")

// FeatureInUseError is the error for detaching a feature that versions which users
// get depend on (F2).
type FeatureInUseError struct {
	// Feature is its name.
	Feature string
	// Uses are the versions that use it.
	Uses []FeatureUse
}

// A FeatureUse is a version that uses JSAPIs which it has from one feature alone.
type FeatureUse struct {
	Version id.Version
	Number  string
	Status  VersionStatus
	JSAPIs  []string
}

// Error names the versions and the JSAPIs.
func (e *FeatureInUseError) Error() string {
	var uses []string
	for _, u := range e.Uses {
		uses = append(uses, fmt.Sprintf("version %s (%s) has %s", u.Number, u.Status, strings.Join(u.JSAPIs, ", ")))
	}
	return fmt.Sprintf("from the feature %q alone %s: release a version without, or attach another feature first", e.Feature, strings.Join(uses, "; "))
}

// Code returns "miniprogram.feature_in_use".
func (e *FeatureInUseError) Code() string { return ErrFeatureInUse.Code() }

// Unwrap returns [ErrFeatureInUse].
func (e *FeatureInUseError) Unwrap() error { return ErrFeatureInUse }
