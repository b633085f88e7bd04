// Package browser tests the console of the fake in a browser.
package browser
