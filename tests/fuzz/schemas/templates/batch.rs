mod generated;

/// The validators of this batch.
pub fn generated() -> schema_fuzz::run::Generated {
    let named = |schema: &generated::schemas::Schema| (schema.name(), schema.validator());
    schema_fuzz::run::Generated {
        source_map: &generated::source_map::SOURCE_MAP,
        validators: generated::schemas::Schema::ALL.iter().map(named).collect(),
    }
}
