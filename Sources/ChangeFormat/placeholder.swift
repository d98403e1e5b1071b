import Crypto
func touch() -> Int { Insecure.MD5.byteCount }
