"""WHAT IS TRUE: enums, ids and rules. Imports no storage, no Qt, no network."""
