#!/bin/sh
# Runs a command of atlasint for each project: each.sh validate, each.sh diff, each.sh apply --yes
unset MONGODB_ATLAS_PROJECT_ID # apply and diff refuse another project than groupId
worst=0
for config in integrations/atlas/*/.atlasint.yaml; do
	folder=${config%/*}
	echo "$folder: atlasint $*" >&2
	code=0
	atlasint "$@" --config "$config" "$folder" || code=$?
	[ "$code" -le "$worst" ] || worst=$code
done
exit "$worst"
