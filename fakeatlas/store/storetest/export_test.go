package storetest

// The parts of [TestStore], for stores with a fault in one of them.
var (
	TestIntegrations = testIntegrations
	TestTexts        = testTexts
	TestBuckets      = testBuckets
)
