// What is checked of others' modules. A module of its own, so that the product needs none of the tools.
module github.com/atlasint/atlasint/.ci/supply

go 1.26.0

require github.com/google/licensecheck v0.3.1
