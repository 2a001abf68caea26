"""What an audit does: it stages what was found as imports do, and compares it with the record by sets."""
