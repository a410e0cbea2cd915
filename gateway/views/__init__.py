"""What people are shown of each thing: the JSON of the REST interface and of the desk's feed, one module per thing.

Shapes are msgspec structs; the functions beside them build a shape from core values and stored rows. They never ask
who looks: who may see what is decided in `seeing`, and what an outside agent must not read is taken out by `masking`.
"""
