"""The same index on a Milvus server, for collections that outgrow one machine."""
