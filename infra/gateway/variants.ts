type Json = Record<string, unknown>
type Variant = { properties: Json; required: string[] }

/**
 * A schema of variants with what all of them have said once: the same in fewer letters. A variant by reference must have
 * it too. Other schemas, and variants that refuse further properties, stay as they are.
 */
export function commonOnce(schema: Json): Json {
  const { oneOf = [], ...rest } = schema as { oneOf?: (Variant | { $ref: string })[] }
  const variants = oneOf.filter(one => 'properties' in one)
  const [first, second] = variants
  if (!first || !second || variants.some(one => 'additionalProperties' in one)) return schema
  const text = (one: Variant, name: string) => JSON.stringify(one.properties[name])
  const common = Object.keys(first.properties).filter(name =>
    variants.every(one => text(one, name) === text(first, name))
  )
  const required = common.filter(name => variants.every(one => one.required.includes(name)))
  const own = (one: Variant) => ({
    ...one,
    properties: pick(one, name => !common.includes(name)),
    required: one.required.filter(name => !required.includes(name))
  })
  return {
    allOf: [
      { type: 'object', properties: pick(first, name => common.includes(name)), required },
      { ...rest, oneOf: oneOf.map(one => ('properties' in one ? own(one) : one)) }
    ]
  }
}

const pick = ({ properties }: Variant, keep: (name: string) => boolean): Json =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => keep(name)))
